/** The platform's own health: each stage in the order in which a message passes it. */

import type { ComponentType, JSX } from "preact";
import { nowMs, skewSeconds } from "../clock";
import { lazy } from "../lazy";
import { useLoaded } from "../load";
import type { Overview, StageHealth } from "../records";
import { user } from "../session";
import { ConnectionMark } from "../shell/Header";
import { Failed, Loading } from "../states";
import { clockSeconds } from "../when";
import { lang, said, t } from "../words";

const OutcomesPart: ComponentType<object> = lazy(
  () => import("./OutcomesPart").then((found) => found.OutcomesPart),
  () => null,
);
const EVERY_MS = 5_000;
/** Seconds by which a device's clock may be off before anybody needs to know. */
const SKEW_S = 5;
const WAY = ["gateway", "recorder", "watcher", "desk", "notify", "api"];

const rank = (name: string): number => (WAY.indexOf(name) + WAY.length + 1) % (WAY.length + 1);

function Stage({ stage }: { stage: StageHealth }): JSX.Element {
  const lag = stage.lag && stage.lag > 0 ? t("status.lag", { n: stage.lag }) : t("status.lag.none");
  return (
    <li class={`stage-box ${stage.ok ? "stage-ok" : "stage-bad"}`} data-testid={`stage-${stage.name}`}>
      <span class="stage-name">{said(`stage.${stage.name}`, stage.name)}</span>
      <span class="muted">{said(`stage.${stage.name}.does`, "")}</span>
      <span class="stage-state">
        <span class="dot" />
        {t(stage.ok ? "status.ok" : "status.bad")}
      </span>
      <span class="muted figures">{stage.note || lag}</span>
    </li>
  );
}

function Figures({ seen }: { seen: Overview }): JSX.Element {
  return (
    <dl class="figures-row">
      <div>
        <dt>{t("status.watched")}</dt>
        <dd class="figures">
          {seen.watched} / {seen.residents}
        </dd>
      </div>
      <div>
        <dt>{t("status.open")}</dt>
        <dd class="figures">{seen.open}</dd>
      </div>
      <div>
        <dt>{t("status.time")}</dt>
        <dd class="figures">{clockSeconds(nowMs.value, lang.value)}</dd>
      </div>
      <div>
        <dt>{t("status.version")}</dt>
        <dd>
          <ConnectionMark />
        </dd>
      </div>
    </dl>
  );
}

export function StatusPage(): JSX.Element {
  const loaded = useLoaded<Overview>("/overview", 0, EVERY_MS);
  const seen = loaded.value;
  const bad = seen?.stages.filter((stage) => !stage.ok).length ?? 0;
  const skew = skewSeconds();
  return (
    <main class="page" id="content">
      <header class="page-head">
        <h1>{t("status.title")}</h1>
        {seen && (
          <span class={bad ? "status-bad" : "muted"}>
            {bad ? t("status.somebad", { n: bad, all: seen.stages.length }) : t("status.allok")}
          </span>
        )}
      </header>
      <p class="muted">{t("status.about")}</p>
      {loaded.error && <Failed text={t("status.failed")} again={loaded.again} />}
      {!seen && !loaded.error && <Loading text={t("status.loading")} />}
      {seen && (
        <>
          <Figures seen={seen} />
          <ol class="way">
            {[...seen.stages]
              .sort((a, b) => rank(a.name) - rank(b.name))
              .map((stage) => (
                <Stage key={stage.name} stage={stage} />
              ))}
          </ol>
        </>
      )}
      {user.value?.role === "administrator" && <OutcomesPart />}
      {Math.abs(skew) >= SKEW_S && <p class="notice">{t("status.skew", { s: Math.abs(skew) })}</p>}
    </main>
  );
}
