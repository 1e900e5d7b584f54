/** The plan as a picture: each room a link where it lies, with its mark, its word, and who is there. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { nowMs } from "../clock";
import { alertName } from "../reasons";
import { follow } from "../router";
import { Running } from "../times";
import { t } from "../words";
import { Mark } from "./Mark";
import type { Plan, Share, ThereNow } from "./records";
import { allWords, deadWords, linkOf, personWords, seenWords, stateWords, whoWords } from "./say";
import { boxOf, fitted, rows, SHEET } from "./shapes";
import type { RoomView } from "./state";

/** Below this a room says its state by the mark alone, px. */
const [NARROW_PX, LOW_PX] = [84, 46];
/** Of text (styles/plan.css); on a wall what is open is written larger. */
const [LINE_PX, WALL_LINE_PX] = [21, 35];
/** On a sheet as narrow as a telephone rooms in rows are this high, px. */
const [PHONE_PX, ROW_PX] = [560, 84];

export const drawingOf = (plan: Plan): string =>
  `/api/v1/places/${encodeURIComponent(plan.place)}/plan/drawing?version=${plan.version}`;

/** The size of a box, px, also when it changes. */
export function useSize(): [{ current: HTMLDivElement | null }, { width: number; height: number }] {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => setSize({ width: Math.floor(element.clientWidth), height: Math.floor(element.clientHeight) });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return [box, size];
}

interface Sheet {
  width: number;
  height: number;
}

/** How large the sheet is drawn: as its drawing is, or as the screen is where rooms stand in rows. */
function sheetOf(plan: Plan, inRows: number, width: number, height: number): Sheet {
  if (plan.drawing) return fitted(plan.drawing.width / plan.drawing.height, width, height);
  if (!inRows) return fitted(SHEET, width, height);
  if (width >= PHONE_PX) return { width, height };
  return { width, height: Math.ceil(inRows / 2) * ROW_PX };
}

interface Props {
  plan: Plan;
  views: RoomView[];
  wall: boolean;
}

export function Picture({ plan, views, wall }: Props): JSX.Element {
  const [box, size] = useSize();
  const placed = new Map(plan.rooms.map((room) => [room.place, room.corners]));
  const inRows = plan.rooms.every((room) => !room.corners) && !plan.drawing;
  const sheet = sheetOf(plan, inRows ? views.length : 0, size.width, size.height);
  const spots = inRows ? rows(views.length, sheet.width / Math.max(1, sheet.height)) : views.map((view) => placed.get(view.place) ?? null);
  return (
    <div ref={box} class={`plan-box ${inRows ? "plan-rows" : ""}`} data-testid="plan-picture">
      {size.width > 0 && (
        <div class="plan-sheet" style={{ width: `${sheet.width}px`, height: `${sheet.height}px` }} role="group" aria-label={t("plan.picture", { place: plan.name })}>
          {plan.drawing && <img class="plan-drawing" src={drawingOf(plan)} alt="" draggable={false} />}
          <svg class="plan-lines" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
            {views.map((view, i) => {
              const corners = spots[i];
              if (!corners) return null;
              return <polygon key={view.place} class={classOf("plan-line", view)} points={corners.map((corner) => corner.join(",")).join(" ")} />;
            })}
          </svg>
          {views.map((view, i) => {
            const corners = spots[i];
            return corners ? <RoomBox key={view.place} view={view} corners={corners} sheet={sheet} wall={wall} /> : null;
          })}
        </div>
      )}
    </div>
  );
}

const classOf = (base: string, { state, severity }: RoomView): string => {
  const tone = state === "open" || state === "claimed" || state === "held" ? `${base}-${severity ?? "low"}` : "";
  return `${base} ${base}-${state} ${tone}`;
};

const percent = (share: number): string => `${share * 100}%`;

/** A room's own corners within its box: what is pressed beside them is not the room. */
function clip(corners: Share[]): string {
  const box = boxOf(corners);
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const points = corners.map(([x, y]) => `${percent((x - box.left) / width)} ${percent((y - box.top) / height)}`);
  return `polygon(${points.join(", ")})`;
}

interface BoxProps {
  view: RoomView;
  corners: Share[];
  sheet: Sheet;
  wall: boolean;
}

function RoomBox({ view, corners, sheet, wall }: BoxProps): JSX.Element {
  const box = boxOf(corners);
  const [width, height] = [(box.right - box.left) * sheet.width, (box.bottom - box.top) * sheet.height];
  const small = width < NARROW_PX || height < LOW_PX;
  const to = linkOf(view);
  const common = {
    class: `${classOf("plan-room", view)} ${small ? "plan-room-small" : ""}`,
    style: {
      left: percent(box.left),
      top: percent(box.top),
      width: percent(box.right - box.left),
      height: percent(box.bottom - box.top),
      clipPath: corners.length === 4 ? undefined : clip(corners),
    },
    // Its name is what stands in it; what there is no room for is in the list beside it, and here under the pointer.
    title: allWords(view, nowMs.value),
    "data-testid": "plan-room",
    "data-place": view.place,
    "data-state": view.state,
  };
  const inside = small ? <SmallInside view={view} /> : <Inside view={view} lines={Math.floor((height - 16) / (wall ? WALL_LINE_PX : LINE_PX)) - 1} />;
  if (!to)
    return (
      <div role="group" {...common}>
        {inside}
      </div>
    );
  return (
    <a href={to} onClick={follow} {...common}>
      {inside}
    </a>
  );
}

function SmallInside({ view }: { view: RoomView }): JSX.Element {
  return (
    <span class="plan-room-head">
      <Mark view={view} />
      <b>{view.name}</b>
      <span class="unseen">{stateWords(view)}</span>
    </span>
  );
}

function Person({ person, view }: { person: ThereNow; view: RoomView }): JSX.Element {
  const words = personWords(person, nowMs.value) ?? seenWords(person, view.place, nowMs.value);
  return (
    <span class="plan-person">
      <span class="plan-name">{person.name}</span>
      {words && <span class="plan-fine">{words}</span>}
    </span>
  );
}

/** As many lines as there is room for, what matters most first. */
function Inside({ view, lines }: { view: RoomView; lines: number }): JSX.Element {
  const who = whoWords(view, nowMs.value);
  const rest: JSX.Element[] = [];
  for (const alert of view.alerts)
    rest.push(
      <span class="plan-what" key={alert.id}>
        <b>{alertName(alert)}</b> {alert.resident.name}
      </span>,
    );
  if (who) rest.push(<span class="plan-who" key="who">{who}</span>);
  for (const person of [...view.people, ...view.guests])
    if (!view.alerts.some((alert) => alert.resident.id === person.id) || person.seen)
      rest.push(<Person key={person.id} person={person} view={view} />);
  const dead = deadWords(view);
  if (dead) rest.push(<span class="plan-fine" key="dead">{dead}</span>);
  const room = Math.max(1, lines);
  const shown = rest.length > room ? rest.slice(0, Math.max(1, room - 1)) : rest;
  return (
    <>
      <span class="plan-room-head">
        <Mark view={view} />
        <b>{view.name}</b>
        <span class="plan-state">{stateWords(view)}</span>
        {view.alert && view.state === "open" && <Running since={view.alert.raised_time} />}
      </span>
      {shown}
      {rest.length > shown.length && <span class="plan-fine">{t("plan.more", { n: rest.length - shown.length })}</span>}
    </>
  );
}
