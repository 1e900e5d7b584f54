/** The person of the alert in hand: what somebody must know on the way to the room. */

import type { JSX } from "preact";
import { useLoaded } from "../load";
import { Icon } from "../marks";
import type { ResidentDetail } from "../records";
import { follow } from "../router";
import { AwayPart } from "../resident/AwayLine";
import { DeviceList } from "../resident/Devices";
import { NowList } from "../resident/NowList";
import { PastAlerts } from "../resident/PastAlerts";
import { WithHer } from "../resident/WithHer";
import { PersonFacts, personLine } from "../resident/facts";
import { Hand } from "../sheet/later";
import { changed } from "../resident/settings/acts";
import { Failed, Loading } from "../states";
import { t } from "../words";

/** What the sensors say ages; the pane asks again this often. */
const REFRESH_MS = 10_000;

interface KnownProps {
  person: ResidentDetail;
  /** Of the alert in hand. */
  kind: string | null;
  version: number;
}

function Known({ person, kind, version }: KnownProps): JSX.Element {
  return (
    <>
      <header class="person-head">
        <span class="avatar" aria-hidden="true">
          {person.name.slice(0, 1)}
        </span>
        <div>
          <h2>
            <a class="plain" href={`/residents/${encodeURIComponent(person.id)}`} onClick={follow}>
              {person.name}
            </a>
          </h2>
          <p class="muted">{personLine(person)}</p>
        </div>
      </header>
      <WithHer person={person} />
      <AwayPart person={person} />
      <PersonFacts person={person} />
      <Hand resident={person.id} name={person.name} kind={kind} />
      <section>
        <h3>{t("now.title")}</h3>
        <NowList now={person.now} small />
      </section>
      <section>
        <h3>{t("person.devices")}</h3>
        <DeviceList devices={person.devices} />
      </section>
      <section>
        <h3>{t("person.history")}</h3>
        <PastAlerts resident={person.id} version={version} most={5} />
      </section>
      <a class="button button-wide" href={`/residents/${encodeURIComponent(person.id)}`} onClick={follow}>
        <Icon name="watch" />
        {t("person.open")}
      </a>
    </>
  );
}

interface PersonPaneProps {
  resident: string | null;
  kind: string | null;
  version: number;
}

export function PersonPane({ resident, kind, version }: PersonPaneProps): JSX.Element {
  const path = resident && `/residents/${encodeURIComponent(resident)}`;
  const person = useLoaded<ResidentDetail>(path, `${version} ${changed.value}`, REFRESH_MS);
  return (
    <section class="pane pane-person" aria-label={t("person.title")}>
      <div class="pane-body">
        {!resident && <p class="state">{t("person.choose")}</p>}
        {resident && !person.value && !person.error && <Loading text={t("person.loading")} />}
        {person.error && !person.value && (
          <Failed text={t("person.failed", { message: person.error.message })} again={person.again} />
        )}
        {person.value && <Known person={person.value} kind={kind} version={version} />}
      </div>
    </section>
  );
}
