/** A week of a resident's home in plain words and one picture, and the weeks before it. A report; never an alarm. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../load";
import { Icon } from "../marks";
import type { RoutineWeek } from "./records";
import { Failed, Loading } from "../states";
import { dayMonth } from "../when";
import { lang, t } from "../words";
import { RoutinePicture } from "./RoutinePicture";
import { weekFrom } from "./routine";

export function RoutinePart({ resident }: { resident: string }): JSX.Element {
  const [asked, setAsked] = useState<string | null>(null);
  const [newest, setNewest] = useState<string | null>(null);
  const path = `/residents/${encodeURIComponent(resident)}/routine${asked ? `?week=${asked}` : ""}`;
  const week = useLoaded<RoutineWeek>(path);
  const shown = week.value;
  const go = (by: number) => (): void => {
    if (!shown) return;
    if (newest === null) setNewest(shown.first);
    setAsked(weekFrom(shown.first, by));
  };
  return (
    <section class="routine" data-testid="routine">
      <header class="trace-head">
        <h3>{t("routine.title")}</h3>
        {shown && <Range week={shown} />}
        <button class="icon-button" disabled={!shown} aria-label={t("routine.earlier")} onClick={go(-1)}>
          <Icon name="back" />
        </button>
        <button
          class="icon-button turned"
          disabled={!shown || newest === null || shown.first >= newest}
          aria-label={t("routine.later")}
          onClick={go(1)}
        >
          <Icon name="back" />
        </button>
      </header>
      {shown && <Week week={shown} />}
      {!shown && week.error && <Failed text={t("routine.failed")} again={week.again} />}
      {!shown && !week.error && <Loading text={t("routine.loading")} />}
    </section>
  );
}

function Range({ week }: { week: RoutineWeek }): JSX.Element {
  const [from, to] = [week.first, week.last].map((day) => dayMonth(day, lang.value));
  return <span class="muted figures">{t("routine.range", { from: from ?? "", to: to ?? "" })}</span>;
}

function Week({ week }: { week: RoutineWeek }): JSX.Element {
  return (
    <div class="routine-week">
      <div>
        <ul class={`routine-said routine-${week.state}`}>
          {week.sentences.map((one) => (
            <li key={one.code + one.en}>{one[lang.value]}</li>
          ))}
        </ul>
        {week.measures.length > 0 && <p class="muted routine-noalarm">{t("routine.noalarm")}</p>}
      </div>
      {week.measures.length > 0 && <RoutinePicture week={week} />}
    </div>
  );
}
