/** The plan: where something is open, who has it, and how the rooms are; live, and on the wall as large as it goes. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fetched, open } from "../alerts";
import { nowMs } from "../clock";
import { useLoaded } from "../load";
import { isStale } from "../line";
import { overview } from "../overview";
import type { Alert } from "../records";
import { recall, remember } from "../prefs";
import { follow, path } from "../router";
import { ConnectionMark } from "../shell/Header";
import { Empty, Failed, Loading } from "../states";
import { applyTheme } from "../theme";
import { WallClock } from "../times";
import { clockTime } from "../when";
import { lang, t } from "../words";
import { Editor } from "./Editor";
import { List, Rest, RestAlerts } from "./List";
import { Key } from "./Mark";
import { Picture } from "./Picture";
import type { PlaceNow, Plan, PlanListed } from "./records";
import { elsewhere, unhoused, viewOf, type RoomView } from "./state";

/** Alerts are live; who wears a watch and which sensor is dead may be this old. */
const NOW_EVERY_MS = 10_000;
/** A plan that somebody changed elsewhere. */
const PLAN_EVERY_MS = 60_000;

/** What to show at first: what was shown last, else the first place with people. */
function first(plans: PlanListed[]): string | null {
  const kept = recall("plan");
  if (kept && plans.some((one) => one.place === kept)) return kept;
  const best = plans.find((one) => one.drawn) ?? plans.find((one) => one.kind === "ward" || one.kind === "floor") ?? plans.find((one) => one.residents) ?? plans[0];
  return best?.place ?? null;
}

/** Dark while the wall is shown: a bright wall at night lights the ward. */
function useDark(on: boolean): void {
  useEffect(() => {
    if (!on) return undefined;
    document.documentElement.dataset.theme = "dark";
    return applyTheme;
  }, [on]);
}

export function PlanPage(): JSX.Element {
  const wall = path.value === "/plan/wall";
  const plans = useLoaded<{ plans: PlanListed[] }>("/plans", 0, PLAN_EVERY_MS);
  const [chosen, setChosen] = useState<string | null>(null);
  const [editing, setEditing] = useState(false);
  useDark(wall);
  const place = chosen ?? (plans.value ? first(plans.value.plans) : null);
  const choose = (to: string): void => {
    remember("plan", to);
    setChosen(to);
  };
  if (plans.value && place)
    return <PlanOf key={place} place={place} plans={plans.value.plans} wall={wall} editing={editing} setEditing={setEditing} choose={choose} />;
  return (
    <main class="page" id="content">
      <h1>{t("plan.title")}</h1>
      {!plans.value && !plans.error && <Loading text={t("plan.loading")} />}
      {plans.error?.kind === "forbidden" && <Empty>{t("plan.forbidden")}</Empty>}
      {plans.error && plans.error.kind !== "forbidden" && <Failed text={t("plan.failed")} again={plans.again} />}
      {plans.value && <Empty>{t("plan.empty")}</Empty>}
    </main>
  );
}

interface PlanOfProps {
  place: string;
  plans: PlanListed[];
  wall: boolean;
  editing: boolean;
  setEditing: (on: boolean) => void;
  choose: (place: string) => void;
}

function PlanOf({ place, plans, wall, editing, setEditing, choose }: PlanOfProps): JSX.Element {
  const at = `/places/${encodeURIComponent(place)}`;
  const plan = useLoaded<Plan>(editing ? null : `${at}/plan`, editing, PLAN_EVERY_MS);
  const now = useLoaded<PlaceNow>(editing ? null : `${at}/now`, 0, NOW_EVERY_MS);
  if (editing) return <Editor place={place} leave={() => setEditing(false)} />;
  const shown = plan.value;
  if (!shown)
    return (
      <main class="page" id="content">
        <h1>{t("plan.title")}</h1>
        {plan.error ? <Failed text={t("plan.failed")} again={plan.again} /> : <Loading text={t("plan.loading")} />}
      </main>
    );
  const pauses = (overview.value?.pauses ?? []).filter((one) => Date.parse(one.until) > nowMs.value);
  const views = viewOf(shown.rooms, { now: now.value, alerts: open.value, pauses, at: nowMs.value });
  const lost = elsewhere(open.value, new Set(shown.rooms.map((room) => room.place)), now.value);
  const nobody = shown.rooms.every((room) => !room.corners);
  // A room that nobody placed is not on the drawing; the list has it, and what rings in it is above the list.
  const hidden = nobody && !shown.drawing ? [] : views.filter((view) => view.alert && !shown.rooms.find((room) => room.place === view.place)?.corners);
  return (
    <main class={`plan ${wall ? "plan-wall" : ""}`} id="content">
      <header class="plan-head">
        <h1>{shown.name}</h1>
        {!wall && plans.length > 1 && <Chooser plans={plans} place={place} choose={choose} />}
        <Sum views={views} lost={lost} known={now.value !== null && fetched.value.state === "ok"} />
        <span class="header-space" />
        {wall && <WallClock />}
        {wall && <ConnectionMark />}
        {!wall && shown.may_draw && (
          <button class="button" data-testid="plan-edit" onClick={() => setEditing(true)}>
            {t("plan.edit")}
          </button>
        )}
        <a class="button" href={wall ? "/plan" : "/plan/wall"} data-testid="plan-wall" onClick={follow}>
          {t(wall ? "plan.wall.leave" : "plan.wall")}
        </a>
      </header>
      <Stale error={now.error !== null} since={now.value?.platform_time ?? null} />
      <div class="plan-body">
        <Picture plan={shown} views={views} wall={wall} />
        <aside class="plan-side">
          <RestAlerts alerts={[...lost, ...hidden.flatMap((view) => view.alerts)]} />
          {!wall && <List views={views} />}
          <Rest people={unhoused(views, now.value)} />
          {!wall && <Key />}
          {!wall && nobody && !shown.drawing && shown.may_draw && <p class="fine">{t("plan.rows")}</p>}
        </aside>
      </div>
    </main>
  );
}

function Chooser({ plans, place, choose }: { plans: PlanListed[]; place: string; choose: (place: string) => void }): JSX.Element {
  return (
    <label class="field plan-choose">
      <span class="unseen">{t("plan.choose")}</span>
      <select data-testid="plan-choose" value={place} onChange={(event) => choose(event.currentTarget.value)}>
        {plans.map((one) => (
          <option key={one.place} value={one.place}>
            {one.path.join(" › ")}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What of the plan must be known from six metres: how many are open, and where nobody can tell. */
function Sum({ views, lost, known }: { views: RoomView[]; lost: Alert[]; known: boolean }): JSX.Element {
  const count = (state: RoomView["state"]): number => views.filter((view) => view.state === state).length;
  const ringing = [...views.flatMap((view) => view.alerts), ...lost].filter((alert) => alert.state === "raised").length;
  const blind = count("blind");
  return (
    <p class="plan-sum figures" role="status">
      {ringing > 0 && <b>{t(ringing === 1 ? "plan.sum.open.one" : "plan.sum.open.many", { n: ringing })}</b>}
      {ringing === 0 && known && !isStale() && <span>{t("plan.sum.quiet")}</span>}
      {blind > 0 && <span>{t(blind === 1 ? "plan.sum.blind.one" : "plan.sum.blind.many", { n: blind })}</span>}
    </p>
  );
}

function Stale({ error, since }: { error: boolean; since: string | null }): JSX.Element | null {
  if (!error || !since) return null;
  return <p class="stale">{t("plan.stale", { time: clockTime(Date.parse(since), lang.value) })}</p>;
}
