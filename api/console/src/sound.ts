/**
 * Sounds by severity, made in the browser: pulses as in IEC 60601-1-8 (high 5+5, medium 3), and one soft tone for low.
 * High and medium are repeated while nobody has claimed the alert.
 */

import { effect, signal } from "@preact/signals";
import { arrival, ringing } from "./alerts";
import { platformNow } from "./clock";
import { waits } from "./order";
import { connection, isStale } from "./line";
import { recall, remember } from "./prefs";
import type { Severity } from "./records";
import { ended } from "./session";

/** Seconds after which each is heard again while unclaimed; IEC 60601-1-8 asks for 2.5 to 15 s and 2.5 to 30 s. */
const REPEAT_S: Record<Severity, number> = { high: 10, medium: 25, low: Infinity };
/** The longest pattern; a second one on top of it would be noise, unless it is the highest. */
const PATTERN_MS = 2_600;
/** How often a lost connection or an ended session is heard: seldom, but never silent. */
const LOST_REPEAT_S = 60;
/** Do not ring at once for a blink of the network. */
const LOST_AFTER_S = 10;

interface Tone {
  at: number;
  hz: number;
  length: number;
}

const HIGH_HZ = [523, 659, 784, 784, 1047];
const MEDIUM_HZ = [523, 587, 659];

function burst(hz: number[], from: number, gap: number, length: number): Tone[] {
  return hz.map((one, i) => ({ at: from + i * gap, hz: one, length }));
}

const PATTERNS: Record<Severity, Tone[]> = {
  high: [...burst(HIGH_HZ, 0, 0.2, 0.15), ...burst(HIGH_HZ, 1.5, 0.2, 0.15)],
  medium: burst(MEDIUM_HZ, 0, 0.35, 0.22),
  low: [{ at: 0, hz: 523, length: 0.35 }],
};

export type SoundState = "armed" | "off" | "blocked";

const wanted = signal(recall("sound") !== "off");
const running = signal(false);
export const volume = signal(Number(recall("volume") ?? "0.6"));

let context: AudioContext | null = null;
let lastRing = -Infinity;

export const soundState = (): SoundState => (!wanted.value ? "off" : running.value ? "armed" : "blocked");

export function setVolume(to: number): void {
  volume.value = to;
  remember("volume", String(to));
}

export function setWanted(to: boolean): void {
  wanted.value = to;
  remember("sound", to ? "on" : "off");
  if (to) arm();
}

/** Makes the browser allow sound; works only inside a press. */
export function arm(): void {
  context ??= new AudioContext();
  context.onstatechange = () => {
    running.value = context?.state === "running";
  };
  void context.resume().then(() => {
    running.value = context?.state === "running";
  });
}

/** Plays the pattern of a severity once, if sound is allowed. */
export function play(severity: Severity): void {
  if (!context || context.state !== "running") return;
  const start = context.currentTime + 0.03;
  for (const tone of PATTERNS[severity]) voice(context, start + tone.at, tone);
}

function voice(on: AudioContext, at: number, tone: Tone): void {
  const gain = on.createGain();
  const level = Math.max(0.0001, volume.value * 0.5);
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(level, at + 0.02);
  gain.gain.setValueAtTime(level, at + tone.length - 0.04);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + tone.length);
  gain.connect(on.destination);
  // A fundamental and its third harmonic: four or more audible parts carry through a door (IEC 60601-1-8, 6.3.3).
  for (const [times, share] of [
    [1, 1],
    [3, 0.3],
    [5, 0.12],
  ] as const) {
    const osc = on.createOscillator();
    const part = on.createGain();
    part.gain.value = share;
    osc.frequency.value = tone.hz * times;
    osc.connect(part).connect(gain);
    osc.start(at);
    osc.stop(at + tone.length + 0.05);
  }
}

function ring(severity: Severity): void {
  const playing = performance.now() - lastRing < PATTERN_MS;
  if (!wanted.value || (playing && severity !== "high")) return;
  lastRing = performance.now();
  play(severity);
}

function beat(): void {
  const quietFor = (performance.now() - lastRing) / 1000;
  const alert = ringing.value;
  if (alert && quietFor >= REPEAT_S[alert.severity]) return ring(alert.severity);
  const { since } = connection.value;
  if (ended.value && quietFor >= LOST_REPEAT_S) return ring("low");
  if (isStale() && (Date.now() - since) / 1000 > LOST_AFTER_S && quietFor >= LOST_REPEAT_S) ring("low");
}

/** Starts ringing for what arrives and for what nobody has claimed. */
export function startSound(): void {
  effect(() => {
    const alert = arrival.value;
    if (alert?.state === "raised" && !waits(alert, platformNow())) ring(alert.severity);
  });
  setInterval(beat, 1000);
  // A browser forgets the permission at each load; any press of the user gives it back.
  const rearm = (): void => {
    if (wanted.peek() && !running.peek()) arm();
  };
  // Not at pointerdown: the bar that asks for it would go from under the finger, and the press be lost.
  addEventListener("click", rearm, true);
  addEventListener("keydown", rearm);
  if (wanted.peek()) arm();
}
