/** What is open: each a line that a nurse reads in passing, and the way to it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { nowMs } from "../clock";
import { Shape } from "../marks";
import { kindName, roomName } from "../reasons";
import { follow } from "../router";
import { moment } from "../when";
import { lang, said, t } from "../words";
import type { Left } from "./records";

const ORDER: Left["what"][] = ["alert", "held", "overdue", "device", "pause", "away"];
/** The platform's word for "nobody knows until when" lies beyond any stay. */
const NEVER_MS = 10 * 365 * 86_400_000;

const when = (time: string | null): string => (time ? moment(Date.parse(time), nowMs.value, lang.value) : "");

function alertWords(code: string): string {
  const [kind = "", reason = ""] = code.split(":");
  return said(`title.${reason}`, kindName(kind));
}

/** What is the matter, in words. */
function what(left: Left): string {
  if (left.what === "alert") return `${alertWords(left.code)}${left.by ? ` · ${t("shift.left.has", { name: left.by })}` : ""}`;
  if (left.what === "held")
    return `${alertWords(left.code)} · ${t("shift.left.held", { name: left.by, time: when(left.time) })}`;
  if (left.what === "pause") return t("shift.left.pause", { name: left.by, time: when(left.time) });
  if (left.what === "overdue") return t("shift.left.overdue");
  if (left.what === "device") return said(`shift.left.device.${left.code}`, left.code, { time: when(left.time) });
  const known = left.time !== null && Date.parse(left.time) - nowMs.value < NEVER_MS;
  return known ? t("shift.left.away", { time: when(left.time) }) : t("shift.left.away.open");
}

function target(left: Left): string | null {
  if (left.what === "alert" || left.what === "held") return `/alerts/${encodeURIComponent(left.id)}`;
  return left.what === "device" ? null : `/residents/${encodeURIComponent(left.id)}`;
}

function Line({ left }: { left: Left }): JSX.Element {
  const to = target(left);
  const place = roomName(left.where);
  const inside = (
    <>
      {left.severity && <Shape severity={left.severity} quiet={left.by !== ""} />}
      <span class="left-who">
        <b>{left.name}</b> {place && <span class="muted">{place}</span>} <span>{what(left)}</span>
      </span>
      {left.what === "alert" && <span class="muted figures left-time">{when(left.time)}</span>}
    </>
  );
  return (
    <li class={`left-line left-${left.what}`}>
      {to ? (
        <a href={to} class="plain" onClick={follow}>
          {inside}
        </a>
      ) : (
        <span>{inside}</span>
      )}
    </li>
  );
}

/** So many lines of a kind are read in passing; the others stand behind a press. */
const FIRST = 6;
const LOUD = ["high", "medium", "low", ""];

const louder = (a: Left, b: Left): number => LOUD.indexOf(a.severity ?? "") - LOUD.indexOf(b.severity ?? "");

function Group({ kind, lines }: { kind: Left["what"]; lines: Left[] }): JSX.Element {
  const [all, setAll] = useState(false);
  const shown = all || lines.length <= FIRST + 1 ? lines : lines.slice(0, FIRST);
  return (
    <section>
      <h3 class="left-head">
        {t(`shift.left.head.${kind}`)} <span class="count figures">{lines.length}</span>
      </h3>
      <ul>
        {shown.map((one) => (
          <Line key={one.id} left={one} />
        ))}
      </ul>
      {shown.length < lines.length && (
        <button class="button button-wide" onClick={() => setAll(true)}>
          {t("shift.left.all", { n: lines.length })}
        </button>
      )}
    </section>
  );
}

export function LeftList({ left }: { left: Left[] }): JSX.Element {
  if (!left.length) return <p class="muted">{t("shift.left.none")}</p>;
  const groups = ORDER.map((kind) => [kind, left.filter((one) => one.what === kind)] as const);
  return (
    <div class="left">
      {groups.map(
        ([kind, lines]) =>
          lines.length > 0 && <Group key={kind} kind={kind} lines={[...lines].sort(louder)} />,
      )}
    </div>
  );
}
