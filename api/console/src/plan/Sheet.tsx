/** The drawing with its rooms under a hand: drag moves a room or a corner, a drag on the sheet draws one; every room and corner by keys. */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { t } from "../words";
import type { Press } from "./draft";
import { drawingOf, useSize } from "./Picture";
import type { Plan, Room, Share } from "./records";
import { between, boxOf, cornerMoved, fitted, moved, resized, withoutCorner } from "./shapes";

interface Props {
  plan: Plan;
  rooms: Room[];
  aspect: number;
  chosen: string | null;
  corner: number | null;
  choose: (place: string | null, corner?: number | null) => void;
  lay: (place: string, corners: Share[] | null, press?: Press | null) => void;
}

/** What a finger hits, and what is seen of it, px. */
const [HIT_PX, SEEN_PX] = [20, 6];
/** A finger that moved less tapped, px. */
const TAP_PX = 5;
/** By an arrow key, of the drawing. */
const STEP = 0.01;
const ARROWS: Record<string, Share> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** What a finger holds: a room, one of its corners, or the bare sheet. */
interface Hold {
  place: string | null;
  corner: number | null;
  from: Share;
  was: Share[];
  moved: boolean;
}

const whole = (share: number): number => Math.round(share * 100);

export function Sheet({ plan, rooms, aspect, chosen, corner, choose, lay }: Props): JSX.Element {
  const [box, size] = useSize();
  const sheet = fitted(aspect, size.width, size.height);
  const [dragged, setDragged] = useState<{ place: string | null; corners: Share[] | null } | null>(null);
  const hold = useRef<Hold | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const waiting = rooms.find((room) => room.place === chosen && !room.corners) ?? null;

  const at = (event: PointerEvent): Share => {
    const frame = svg.current?.getBoundingClientRect();
    const share = (value: number, from: number, length: number): number => Math.max(0, Math.min(1, (value - from) / Math.max(1, length)));
    return [share(event.clientX, frame?.left ?? 0, frame?.width ?? 1), share(event.clientY, frame?.top ?? 0, frame?.height ?? 1)];
  };
  const held = (now: Share): Share[] | null => {
    const one = hold.current;
    if (!one) return null;
    if (one.place === null) return between(one.from, now);
    if (one.corner !== null) return cornerMoved(one.was, one.corner, now);
    return moved(one.was, now[0] - one.from[0], now[1] - one.from[1]);
  };
  const down = (place: string | null, k: number | null, was: Share[]) => (event: PointerEvent): void => {
    if (event.button > 0) return;
    event.stopPropagation();
    svg.current?.setPointerCapture(event.pointerId);
    hold.current = { place, corner: k, from: at(event), was, moved: false };
    if (place !== null) choose(place, k);
  };
  const move = (event: PointerEvent): void => {
    const one = hold.current;
    if (!one) return;
    const now = at(event);
    one.moved = one.moved || Math.hypot((now[0] - one.from[0]) * sheet.width, (now[1] - one.from[1]) * sheet.height) > TAP_PX;
    if (one.moved) setDragged({ place: one.place ?? waiting?.place ?? null, corners: held(now) });
  };
  const up = (event: PointerEvent): void => {
    const one = hold.current;
    const corners = held(at(event));
    hold.current = null;
    setDragged(null);
    if (!one) return;
    if (!one.moved) return void (one.place === null && !waiting && choose(null));
    const place = one.place ?? waiting?.place;
    if (place && corners) {
      lay(place, corners);
      if (one.place === null) choose(place);
    }
  };
  const key = (room: Room, corners: Share[], k: number | null) => (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow) {
      const [dx, dy] = [arrow[0] * STEP, arrow[1] * STEP];
      const [x, y] = k === null ? [0, 0] : (corners[k] as Share);
      const after = k !== null ? cornerMoved(corners, k, [x + dx, y + dy]) : event.shiftKey ? resized(corners, dx, dy) : moved(corners, dx, dy);
      lay(room.place, after, { at: event.timeStamp, what: k !== null ? `corner ${k}` : event.shiftKey ? "size" : "move" });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      lay(room.place, k === null ? null : withoutCorner(corners, k));
      choose(k === null ? null : room.place);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const drawn = rooms.map((room) => (dragged?.place === room.place ? { ...room, corners: dragged.corners } : room));
  // The room in hand is drawn last, above the others.
  const order = [...drawn].sort((a, b) => Number(a.place === chosen) - Number(b.place === chosen));
  const px = ([x, y]: Share): Share => [x * sheet.width, y * sheet.height];
  return (
    <div ref={box} class="plan-box">
      {size.width > 0 && (
        <div class="plan-sheet" style={{ width: `${sheet.width}px`, height: `${sheet.height}px` }}>
          {plan.drawing && <img class="plan-drawing" src={drawingOf(plan)} alt="" draggable={false} />}
          <svg
            ref={svg}
            class={`plan-edit-sheet ${waiting ? "plan-edit-waiting" : ""}`}
            role="group"
            aria-label={t("plan.edit.sheet")}
            data-testid="plan-sheet"
            width={sheet.width}
            height={sheet.height}
            onPointerDown={down(null, null, [])}
            onPointerMove={move}
            onPointerUp={up}
            onPointerCancel={() => {
              hold.current = null;
              setDragged(null);
            }}
          >
            {[...order].map((room) => room.corners && <Outline key={room.place} room={room} corners={room.corners} sheet={sheet} chosen={room.place === chosen} down={down(room.place, null, room.corners)} press={key(room, room.corners, null)} focus={() => choose(room.place)} />)}
            {order.map(
              (room) =>
                room.place === chosen &&
                room.corners?.map((spot, k) => {
                  const [x, y] = px(spot);
                  const words = { room: room.name, k: k + 1, n: room.corners?.length ?? 0, x: whole(spot[0]), y: whole(spot[1]) };
                  return (
                    <g
                      key={`corner-${k}`}
                      class={`plan-corner ${corner === k ? "plan-corner-chosen" : ""}`}
                      role="button"
                      tabIndex={0}
                      aria-label={t("plan.edit.corner", words)}
                      data-testid="plan-corner"
                      onPointerDown={down(room.place, k, room.corners ?? [])}
                      onKeyDown={key(room, room.corners ?? [], k)}
                      onFocus={() => choose(room.place, k)}
                    >
                      <circle class="plan-corner-hit" cx={x} cy={y} r={HIT_PX} />
                      <rect x={x - SEEN_PX} y={y - SEEN_PX} width={2 * SEEN_PX} height={2 * SEEN_PX} rx={2} />
                    </g>
                  );
                }),
            )}
            {dragged?.place === null && dragged.corners && <polygon class="plan-edit-new" points={dragged.corners.map((one) => px(one).join(",")).join(" ")} />}
          </svg>
        </div>
      )}
    </div>
  );
}

interface OutlineProps {
  room: Room;
  corners: Share[];
  sheet: { width: number; height: number };
  chosen: boolean;
  down: (event: PointerEvent) => void;
  press: (event: KeyboardEvent) => void;
  focus: () => void;
}

function Outline({ room, corners, sheet, chosen, down, press, focus }: OutlineProps): JSX.Element {
  const box = boxOf(corners);
  const words = { room: room.name, x: whole(box.left), y: whole(box.top), w: whole(box.right - box.left), h: whole(box.bottom - box.top) };
  const [x, y] = [((box.left + box.right) / 2) * sheet.width, ((box.top + box.bottom) / 2) * sheet.height];
  return (
    <g
      class={`plan-edit-room ${chosen ? "plan-edit-chosen" : ""}`}
      role="button"
      tabIndex={0}
      aria-label={t("plan.edit.room", words)}
      aria-pressed={chosen}
      data-testid="plan-edit-room"
      data-place={room.place}
      onPointerDown={down}
      onKeyDown={press}
      onFocus={focus}
    >
      <polygon points={corners.map(([cx, cy]) => `${cx * sheet.width},${cy * sheet.height}`).join(" ")} />
      <text x={x} y={y}>
        {room.name}
      </text>
    </g>
  );
}
