/** What lies under every picture of the ground: a map where one is set, else a grid; places, zone, scale, north. */

import type { JSX } from "preact";
import { t } from "../words";
import { gridOf, putNames, px, scaleOf, tilesOf, type Box, type View } from "./plan";
import type { Ground, Spot } from "./records";
import { scaleWords } from "./say";

/** The most that a scale takes, px. */
const SCALE_PX = 110;

/** A house, 20 px wide, its middle at 0, 0. */
const HOUSE = "M-10 1 0 -9 10 1M-7 -1.5V9H7V-1.5M-2.5 9V3.5H2.5V9";

export function Base({ ground, view }: { ground: Ground; view: View }): JSX.Element {
  const scale = scaleOf(view, SCALE_PX);
  const lines = gridOf(view, scale.m);
  const tiles = ground.tiles && ground.origin ? tilesOf(view, ground.origin, ground.tiles.address) : [];
  return (
    <g>
      <rect class="ground-back" width={view.width} height={view.height} />
      {lines.x.map((x) => (
        <line key={`x${x}`} class="ground-grid" x1={x} x2={x} y1={0} y2={view.height} />
      ))}
      {lines.y.map((y) => (
        <line key={`y${y}`} class="ground-grid" x1={0} x2={view.width} y1={y} y2={y} />
      ))}
      {tiles.map((tile) => (
        <image key={tile.key} class="ground-tile" href={tile.address} x={tile.x} y={tile.y} width={tile.width + 0.5} height={tile.height + 0.5} preserveAspectRatio="none" />
      ))}
    </g>
  );
}

export function Places({ ground, view }: { ground: Ground; view: View }): JSX.Element {
  return (
    <g>
      {ground.places.map((place) => {
        const at = px(place, view);
        return (
          <g key={`${place.x},${place.y}`}>
            <circle class="ground-place" cx={at.x} cy={at.y} r={Math.max(6, place.radius / view.perPx)} />
            {place.home ? <House at={at} /> : <circle class="ground-place-dot" cx={at.x} cy={at.y} r={3} />}
          </g>
        );
      })}
    </g>
  );
}

/** The names of places alone, where no way needs the room. */
export function PlaceNames({ ground, view }: { ground: Ground; view: View }): JSX.Element {
  const names = ground.places.map((place, i) => ({
    key: String(i),
    words: t(place.home ? "ground.home" : "ground.usual"),
    at: px(place, view),
    gap: place.home ? 14 : 9,
    strong: place.home,
  }));
  return (
    <g>
      {putNames(names, view, furniture(view)).map((name) => (
        <text key={name.key} class={name.strong ? "ground-name ground-strong" : "ground-name"} x={name.x} y={name.y} text-anchor={name.anchor}>
          {name.words}
        </text>
      ))}
    </g>
  );
}

function House({ at }: { at: Spot }): JSX.Element {
  return (
    <g transform={`translate(${at.x} ${at.y})`}>
      <path class="ground-house-case" d={HOUSE} />
      <path class="ground-house" d={HOUSE} />
    </g>
  );
}

export function ZoneLine({ corners, view }: { corners: Spot[]; view: View }): JSX.Element | null {
  if (corners.length < 2) return null;
  const points = corners.map((corner) => px(corner, view)).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return (
    <g>
      <polygon class="ground-zone-case" points={points} />
      <polygon class="ground-zone" points={points} />
    </g>
  );
}

export function Furniture({ ground, view }: { ground: Ground; view: View }): JSX.Element {
  const scale = scaleOf(view, SCALE_PX);
  const y = view.height - 14;
  return (
    <g>
      <g class="ground-scale">
        <path class="ground-case" d={`M12 ${y - 5}V${y}H${12 + scale.px}V${y - 5}`} />
        <path d={`M12 ${y - 5}V${y}H${12 + scale.px}V${y - 5}`} />
        <text x={12 + scale.px + 8} y={y + 2}>
          {scaleWords(scale.m)}
        </text>
      </g>
      {ground.origin && (
        <g class="ground-north" transform={`translate(${view.width - 22} 30)`}>
          <path class="ground-case" d="M0 -13V10M-5 -6 0 -14 5 -6" />
          <path d="M0 -13V10M-5 -6 0 -14 5 -6" />
          <text x={0} y={24} text-anchor="middle">
            {t("ground.north")}
          </text>
        </g>
      )}
      {ground.tiles?.credit && ground.origin && (
        <text class="ground-credit" x={view.width - 8} y={view.height - 6} text-anchor="end">
          {t("ground.map", { credit: ground.tiles.credit })}
        </text>
      )}
    </g>
  );
}

/** Where the furniture stands, px: no name lies on it. */
export const furniture = (view: View): Box[] => [
  { left: 0, right: 12 + SCALE_PX + 70, bottom: view.height - 30, top: view.height },
  { left: view.width - 42, right: view.width, bottom: 0, top: 60 },
];

export const spotOf = ([x, y]: [number, number]): Spot => ({ x, y });
