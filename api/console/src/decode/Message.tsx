/** One message that was read: what happened, what is known of it, what was not understood, and why. */

import type { ComponentChildren, JSX } from "preact";
import { Shape } from "../marks";
import { Moment } from "../times";
import { clockSeconds, exact } from "../when";
import { lang, said as words, t } from "../words";
import type { Read, Said } from "./records";
import { alarmOf, announcedOf, blockOf, familyOf, happened, notHappened, notUnderstood, observed, refusalOf, signs, summary, type Row } from "./say";

/** Devices of an announcement that are named. */
const MOST_NAMED = 12;

function Part({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="read-part">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Rows({ rows }: { rows: Row[] }): JSX.Element {
  return (
    <ul class="read-rows">
      {rows.map((row, n) => (
        <li key={n}>
          <span>{row.name}</span>
          {row.value && <b class="figures">{row.value}</b>}
          {row.why && <span class="muted read-why">{row.why}</span>}
        </li>
      ))}
    </ul>
  );
}

function Alarm({ said }: { said: Said }): JSX.Element {
  const { text, rings } = alarmOf(said);
  return (
    <span class={rings ? "read-rings" : undefined} data-testid="read-alarm">
      {rings && <Shape severity="high" />}
      {text}
    </span>
  );
}

function Announced({ said }: { said: Said }): JSX.Element {
  const named = (said.entities ?? []).slice(0, MOST_NAMED);
  const count = said.device_count ?? said.entities?.length ?? 0;
  return (
    <>
      {announcedOf(said)}
      <ul class="read-named">
        {named.map((one, n) => (
          <li key={n}>
            {one.device ?? one.state_topic} {one.model && <span class="muted">{one.model}</span>}
          </li>
        ))}
      </ul>
      {count > named.length && named.length > 0 && <span class="muted">{t("decode.devices.more", { n: count - named.length })}</span>}
    </>
  );
}

/** What stands below the head: nothing that has nothing to say. */
export function Parts({ said }: { said: Said }): JSX.Element {
  const why = said.why;
  const [events, kept, seen, moved, not] = [happened(said), notHappened(said), observed(said), signs(said), notUnderstood(said)];
  const understood = why.family !== null && why.kind !== "refused";
  return (
    <dl class="read-parts">
      {events.length > 0 && (
        <Part name={t("decode.part.happened")}>
          <Rows rows={events} />
        </Part>
      )}
      {kept.length > 0 && (
        <Part name={t("decode.part.not_happened")}>
          <Rows rows={kept} />
        </Part>
      )}
      {said.stream && <Part name={t("decode.kind.stream")}>{blockOf(said)}</Part>}
      {seen.length > 0 && (
        <Part name={t("decode.part.observed")}>
          <Rows rows={seen} />
        </Part>
      )}
      {moved.length > 0 && (
        <Part name={t("decode.part.signs")}>
          <Rows rows={moved.map((name) => ({ name, value: "", why: t("decode.part.signs.about") }))} />
        </Part>
      )}
      {said.entities && (
        <Part name={t("decode.part.announces")}>
          <Announced said={said} />
        </Part>
      )}
      {understood && why.kind !== "plumbing" && why.kind !== "announcement" && (
        <Part name={t("decode.part.alarm")}>
          <Alarm said={said} />
        </Part>
      )}
      {said.technical_alert && why.sentence && <Part name={t("decode.part.look")}>{why.sentence}</Part>}
      {understood && why.time && (events.length > 0 || seen.length > 0) && (
        <Part name={t("decode.part.time")}>
          {said.time === "arrival" ? null : <Moment at={said.time} />} {words(`decode.time.${why.time}`, why.time)}
        </Part>
      )}
      {not.length > 0 && (
        <Part name={t("decode.part.not")}>
          <Rows rows={not} />
        </Part>
      )}
      {said.unused && said.unused.length > 0 && (
        <Part name={t("decode.part.unused")}>
          <span class="read-unused" data-testid="read-unused">
            {said.unused.map((one) => (
              <code key={one}>{one}</code>
            ))}
          </span>
          <span class="muted read-why">{t("decode.part.unused.about")}</span>
        </Part>
      )}
      {why.family !== null && (
        <Part name={t("decode.part.family")}>
          {familyOf(why.family)} <span class="muted read-why">{words(`decode.recognised.${why.recognised}`, why.recognised ?? "")}</span>
        </Part>
      )}
      {why.devices && why.devices.length > 0 && (
        <Part name={t("decode.part.devices")}>
          <span class="read-devices">
            {why.devices.slice(0, MOST_NAMED).map((one) => (
              <code key={one}>{one}</code>
            ))}
          </span>
        </Part>
      )}
    </dl>
  );
}

function Raw({ read }: { read: Read }): JSX.Element {
  return (
    <details class="read-raw">
      <summary>{t("decode.raw")}</summary>
      <p class="label">{t("decode.raw.came")}</p>
      <pre tabIndex={0}>{JSON.stringify(read.given, null, 2)}</pre>
      <p class="label">{t("decode.raw.said")}</p>
      <pre tabIndex={0}>{JSON.stringify(read.said, null, 2)}</pre>
    </details>
  );
}

/** To the second: whoever presses a button looks for what came just then. */
function Heard({ at }: { at: string }): JSX.Element {
  const ms = Date.parse(at);
  return (
    <time class="figures" dateTime={at} title={exact(ms, lang.value)}>
      {clockSeconds(ms, lang.value)}
    </time>
  );
}

function Head({ read, brief }: { read: Read; brief: boolean }): JSX.Element {
  const { said, given } = read;
  const rings = alarmOf(said).rings;
  return (
    <span class="read-head">
      <span class={`chip read-kind read-kind-${said.why.kind}`}>{words(`decode.kind.${said.why.kind}`, said.why.kind)}</span>
      {brief && rings && <Shape severity="high" />}
      <code class="read-topic">{given.topic || "–"}</code>
      {brief && <span class="read-brief">{summary(said)}</span>}
      {given.arrival && <Heard at={given.arrival} />}
    </span>
  );
}

function About({ said }: { said: Said }): JSX.Element {
  const kind = said.why.kind;
  return (
    <>
      <p>{words(`decode.about.${kind}`, kind)}</p>
      {kind === "refused" && <p class="notice">{refusalOf(said)}</p>}
      {said.why.heard === false && <p class="notice">{t("decode.unheard")}</p>}
    </>
  );
}

/** A message in full. */
export function Message({ read }: { read: Read }): JSX.Element {
  return (
    <li class="panel read" data-testid="read" data-kind={read.said.why.kind}>
      <Head read={read} brief={false} />
      <About said={read.said} />
      <Parts said={read.said} />
      <Raw read={read} />
    </li>
  );
}

/** A message as a line, in full when it is opened. */
export function Line({ read }: { read: Read }): JSX.Element {
  return (
    <li class="read-line" data-testid="heard" data-kind={read.said.why.kind}>
      <details>
        <summary>
          <Head read={read} brief />
        </summary>
        <div class="read-inside">
          <About said={read.said} />
          <Parts said={read.said} />
          <Raw read={read} />
        </div>
      </details>
    </li>
  );
}
