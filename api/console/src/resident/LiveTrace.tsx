/** The last half minute of movement, as the watch sends it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { platformNow } from "../clock";
import { get } from "../http";
import { reachable } from "../line";
import { repeat } from "../poll";
import type { Trace } from "../records";
import { linesOf, pathOf, pointsOf, topFor } from "../trace/geometry";
import { t } from "../words";

const SPAN_S = 30;
const EVERY_MS = 2_000;
/** A drawing unit, not a pixel: the line is stretched to the width there is. */
const WIDTH = 600;
const HEIGHT = 64;

interface Shown {
  trace: Trace;
  end: number;
}

function useRecent(resident: string): Shown | null {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<boolean> => {
      const end = platformNow();
      const [from, to] = [end - SPAN_S * 1000, end].map((ms) => encodeURIComponent(new Date(ms).toISOString()));
      const path = `/residents/${encodeURIComponent(resident)}/trace?start=${from}&end=${to}`;
      const trace = await get<Trace>(path).catch(() => null);
      if (wanted) setShown(trace && { trace, end });
      return trace !== null;
    };
    const stop = repeat(load, EVERY_MS, reachable);
    return () => {
      wanted = false;
      stop();
    };
  }, [resident]);
  return shown;
}

export function LiveTrace({ resident }: { resident: string }): JSX.Element | null {
  const shown = useRecent(resident);
  if (!shown) return null;
  const window = { from: -SPAN_S, to: 0, width: WIDTH };
  const lines = linesOf(shown.trace, "values", shown.end);
  const points = lines.map((line) => pointsOf(line, window));
  const top = topFor(Math.max(1.5, ...points.flat().map(([, g]) => g)));
  return (
    <figure class="live-trace" data-testid="live-trace">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <line class="live-rest" x1={0} x2={WIDTH} y1={HEIGHT * (1 - 1 / top)} y2={HEIGHT * (1 - 1 / top)} />
        {points.map((line, i) => (
          <path key={i} class="trace-line" d={pathOf(line, (g) => HEIGHT * (1 - g / top))} />
        ))}
      </svg>
      <figcaption class="muted figures">{t(lines.length ? "now.live" : "now.live.none", { s: SPAN_S })}</figcaption>
    </figure>
  );
}
