/** Posture under the trace: how far the sensor is turned from how it hung before the fall, 0 to 180 degrees. */

import type { JSX } from "preact";
import { t } from "../words";
import { pathOf, pointsOf, type Line, type Point, type Window } from "./geometry";

/** Height of the lane, and its distance from the plot above, px. */
export const TURN_PX = 36;
export const TURN_GAP_PX = 10;
const MOST_DEG = 180;

export function Turn({ lines, window }: { lines: Line[]; window: Window }): JSX.Element {
  const toY = (degrees: number): number => TURN_PX * (1 - degrees / MOST_DEG);
  return (
    <g class="turn">
      <line class="lane-zero" x1={0} x2={window.width} y1={TURN_PX} y2={TURN_PX} />
      <line class="turn-quarter" x1={0} x2={window.width} y1={toY(90)} y2={toY(90)} />
      <text x={-8} y={toY(90) + 4} text-anchor="end">
        90°
      </text>
      {lines.map((line, i) => {
        // A point a little outside the plot would be drawn there: the lane has no clip.
        const points = pointsOf(line, window).map(([x, d]): Point => [Math.min(window.width, Math.max(0, x)), d]);
        const [first, last] = [points[0], points[points.length - 1]];
        if (!first || !last) return null;
        const path = pathOf(points, toY);
        return (
          <g key={i}>
            <path class="turn-area" d={`${path}L${last[0].toFixed(1)} ${TURN_PX}L${first[0].toFixed(1)} ${TURN_PX}Z`} />
            <path class="turn-line" d={path} />
          </g>
        );
      })}
      <text class="turn-name" x={4} y={12}>
        {t("trace.turned")}
      </text>
    </g>
  );
}
