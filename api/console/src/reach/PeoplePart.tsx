/** Who is called, in their order, each way with the state of its telephone and a button to try it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../load";
import { Empty, Failed, Loading } from "../states";
import { Moment } from "../times";
import { t } from "../words";
import { LadderForm } from "./LadderForm";
import type { Ladder, Phone, Phones, Place, Step, Way } from "./records";
import { kindOf, ladderInWords, lengthOf } from "./say";
import { TestButton } from "./TestButton";

/** A test's link may be pressed at any time. */
const LOOK_AGAIN_MS = 15_000;
/** A state is told by its shape as well as its word. */
const SHAPES = { ok: "✓", due: "○", overdue: "!", failed: "✕" };

export function PeoplePart({ place, places }: { place: Place; places: Place[] }): JSX.Element {
  const path = `/places/${place.id}`;
  const ladder = useLoaded<Ladder>(`${path}/ladder`);
  const phones = useLoaded<Phones>(`${path}/reach`, 0, LOOK_AGAIN_MS);
  const [editing, setEditing] = useState(false);
  const again = (): void => {
    ladder.again();
    phones.again();
  };
  const now = ladder.value;
  const done = (): void => {
    setEditing(false);
    again();
  };
  if (!now)
    return ladder.error?.kind === "forbidden" ? (
      <Empty>{t("reach.forbidden")}</Empty>
    ) : ladder.error ? (
      <Failed text={t("reach.failed")} again={again} />
    ) : (
      <Loading text={t("reach.loading")} />
    );
  if (editing) return <LadderForm place={place} was={now} own={now.owner === place.id} close={done} />;
  const owner = places.find((one) => one.id === now.owner)?.name ?? now.owner;
  const known = phones.value?.phones ?? [];
  const simulated = phones.value?.simulated ?? true;
  return (
    <section class="panel" aria-labelledby="reach-people">
      <header class="reach-part">
        <h2 id="reach-people">{t("reach.people")}</h2>
        {phones.value && !simulated && known.length > 0 && (
          <span class="muted figures">
            {t("reach.tested", { ok: known.filter((one) => one.state === "ok").length, n: known.length })}
          </span>
        )}
        <button class="button" data-testid="reach-edit" onClick={() => setEditing(true)}>
          {t(now.owner === place.id || !now.steps.length ? "reach.edit" : "reach.edit.own")}
        </button>
      </header>
      {now.owner && now.owner !== place.id && <p class="muted">{t("reach.inherited", { name: owner ?? "" })}</p>}
      {!now.steps.length && <Empty>{t("reach.nobody")}</Empty>}
      {now.steps.length > 0 && (
        <p class="reach-words" data-testid="reach-words">
          {ladderInWords(now.steps.map(calledOf), now.again_s, now.quiet, t)}
          {now.goes_on && ` ${t("reach.goes.on")}`}
        </p>
      )}
      {simulated && phones.value && now.steps.length > 0 && <p class="fine">{t("reach.simulated")}</p>}
      <ol class="reach-people">
        {now.steps.map((step, at) => (
          <li key={at}>
            <div class="reach-who">
              <span class="reach-number figures">{at + 1}</span>
              <b>{nameOf(step)}</b>
              <span class="muted">
                {step.after_s === 0 ? t("reach.at.once") : t("reach.after", { after: lengthOf(step.after_s, t) })}
                {` · ${t(`reach.lang.${step.lang}`)}`}
              </span>
            </div>
            <ul class="reach-ways">
              {(step.on_duty ? [] : [step, ...step.ways]).map((way, number) => (
                <Line
                  key={way.ref}
                  place={place.id}
                  version={now.version}
                  name={step.recipient}
                  way={way}
                  first={number === 0}
                  phone={known.find((one) => one.ref === way.ref) ?? null}
                  simulated={simulated}
                  again={phones.again}
                />
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

const nameOf = (step: Step): string => (step.on_duty ? t("reach.duty", { role: step.on_duty }) : step.recipient);

function calledOf(step: Step): { name: string; afterS: number; ways: { address: string; afterS: number }[] } {
  return {
    name: nameOf(step),
    afterS: step.after_s,
    ways: (step.on_duty ? [] : [step, ...step.ways]).map((way) => ({ address: way.address, afterS: way.after_s })),
  };
}

interface LineProps {
  place: string;
  version: number;
  name: string;
  way: Way;
  first: boolean;
  phone: Phone | null;
  simulated: boolean;
  again: () => void;
}

function Line({ place, version, name, way, first, phone, simulated, again }: LineProps): JSX.Element {
  return (
    <li class="reach-way" data-testid={`way-${way.ref}`}>
      <span class="reach-kind">
        <b>{kindOf(way.address, t)}</b>
        {!first && <span class="muted"> {t("reach.then", { after: lengthOf(way.after_s, t) })}</span>}
        <span class="reach-address">{way.address}</span>
      </span>
      <span class="reach-state">
        {phone && !simulated && (
          <span class={`chip reach-${phone.state}`}>
            <span aria-hidden="true">{SHAPES[phone.state]}</span> {t(`reach.state.${phone.state}`)}
          </span>
        )}
        {phone && !simulated && (
          <span class="fine">
            {phone.confirmed_time ? (
              <>
                {t("reach.confirmed")} <Moment at={phone.confirmed_time} />
              </>
            ) : (
              t("reach.never")
            )}
            {phone.state !== "ok" && (
              <>
                {" · "}
                {t("reach.until")} <Moment at={phone.due_time} />
              </>
            )}
          </span>
        )}
      </span>
      <TestButton place={place} version={version} way={way} name={name} last={phone?.last ?? null} again={again} />
    </li>
  );
}
