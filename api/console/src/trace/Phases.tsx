/** The drawing's content as a table: for a screen reader, and for whoever wants the numbers. */

import type { JSX } from "preact";
import { short } from "../reasons";
import type { Phase } from "../records";
import { said, t } from "../words";
import type { Told } from "./Drawing";

export interface PhaseWords {
  name: string;
  /** Seconds from the impact. */
  from: number;
  to: number;
  /** `free fall −0.4 to 0 s` */
  words: string;
}

const signed = (s: number): string => (s > 0 ? `+${short(s)}` : s < 0 ? `−${short(-s)}` : "0");

/** The phases on the impact's clock, in order. */
export function phaseWords(phases: Phase[], impactMs: number): PhaseWords[] {
  return phases
    .map((phase) => {
      const [from, to] = [(Date.parse(phase.start) - impactMs) / 1000, (Date.parse(phase.end) - impactMs) / 1000];
      const name = said(`phase.${phase.name}`, phase.name);
      return { name, from, to, words: t("trace.phase", { name, from: signed(from), to: signed(to) }) };
    })
    .sort((a, b) => a.from - b.from);
}

export function Phases({ phases, told }: { phases: PhaseWords[]; told: Told[] }): JSX.Element | null {
  if (!phases.length && !told.length) return null;
  return (
    <details class="numbers">
      <summary>{t("trace.table")}</summary>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{t("trace.table.what")}</th>
            <th scope="col">{t("trace.table.from")}</th>
            <th scope="col">{t("trace.table.long")}</th>
          </tr>
        </thead>
        <tbody>
          {phases.map((phase) => (
            <tr key={phase.words}>
              <th scope="row">{phase.name}</th>
              <td>
                {signed(phase.from)} {t("trace.axis.s")}
              </td>
              <td>
                {short(phase.to - phase.from)} {t("trace.axis.s")}
              </td>
            </tr>
          ))}
          {told.map(({ stage, at }) => (
            <tr key={stage}>
              <th scope="row">{t("trace.table.told", { stage: said(`stage.${stage}`, stage) })}</th>
              <td>
                {signed(at)} {t("trace.axis.s")}
              </td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
