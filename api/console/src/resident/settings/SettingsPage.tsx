/** How a resident is watched over: how soon, for what, how they get about, when they are away, and who set it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLoaded } from "../../load";
import { Icon } from "../../marks";
import type { ResidentDetail } from "../../records";
import type { WatchSettings } from "./records";
import { follow, go, setGuard } from "../../router";
import { inCharge } from "../../session";
import { SheetPart } from "../../sheet/later";
import { Failed, Loading } from "../../states";
import { addWords, t } from "../../words";
import { en as groundEn } from "../../words/ground.en";
import { zh as groundZh } from "../../words/ground.zh";
import { en } from "../../words/settings.en";
import { zh } from "../../words/settings.zh";
import { personLine } from "../facts";
import { AbsencePart } from "./AbsencePart";
import { changed, sending } from "./acts";
import { ChangeList } from "./ChangeList";
import { backOf, changesOf, countOf, draftNow, forget, keep, seenFor, type Draft } from "./draft";
import { LeaveDialog } from "./LeaveDialog";
import { LooksPart } from "./LooksPart";
import { MobilityPart } from "./MobilityPart";
import { save } from "./saving";
import { SensitivityPart } from "./SensitivityPart";
import { WatchesPart } from "./WatchesPart";
import { zoneOf } from "./zone";
import { ZonePart } from "./ZonePart";

addWords({ en: { ...en, ...groundEn }, zh: { ...zh, ...groundZh } });

/** Somebody else may have changed them meanwhile. */
const AGAIN_MS = 30_000;

interface Both {
  person: ResidentDetail;
  saved: WatchSettings;
}

function SaveBar({ count, refused, onSave, onDrop }: SaveProps): JSX.Element {
  return (
    <div class="save-bar" role="region" aria-label={t("settings.unsaved.label")} data-testid="save-bar">
      {refused && (
        <p class="refusal" role="alert">
          {refused}
        </p>
      )}
      <span>{t(count === 1 ? "settings.unsaved.one" : "settings.unsaved.many", { n: count })}</span>
      <button class="button button-main" data-testid="save" disabled={sending.value} onClick={onSave}>
        {sending.value ? t("action.busy") : t("settings.save")}
      </button>
      <button class="button" disabled={sending.value} onClick={onDrop}>
        {t("settings.drop")}
      </button>
    </div>
  );
}

interface SaveProps {
  count: number;
  refused: string | null;
  onSave: () => void;
  onDrop: () => void;
}

/** Whoever goes to an alert is not asked: the draft waits here. */
const isUrgent = (to: string): boolean => to === "/" || to.startsWith("/alerts/");

function useGuard(dirty: boolean): [string | null, (to: string | null) => void] {
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    if (!dirty) return;
    setGuard((to) => isUrgent(to) || (setWanted(to), false));
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", onUnload);
    return () => {
      setGuard(null);
      removeEventListener("beforeunload", onUnload);
    };
  }, [dirty]);
  return [wanted, setWanted];
}

function Body({ person, saved }: Both): JSX.Element {
  const [refused, setRefused] = useState<string | null>(null);
  const draft = draftNow(person.id, saved);
  const count = countOf(saved, draft);
  const [wanted, setWanted] = useGuard(count > 0);
  const may = inCharge();
  const edit = (part: Partial<Draft>): void => {
    setRefused(null);
    keep(person.id, { ...draft, ...part }, saved);
  };
  const store = async (): Promise<boolean> => {
    const changes = changesOf(saved, draft);
    const seen = seenFor(person.id, saved, changes);
    const no = await save(person.id, zoneOf(person), changes, seen, backOf(saved, changes));
    setRefused(no);
    if (no === null) forget(person.id);
    return no === null;
  };
  const leave = (to: string): void => {
    setGuard(null);
    setWanted(null);
    go(to);
  };
  return (
    <>
      <header class="resident-head">
        <span class="avatar avatar-large" aria-hidden="true">
          {person.name.slice(0, 1)}
        </span>
        <div>
          <h1>{t("settings.title", { name: person.name })}</h1>
          <p class="muted">{personLine(person)}</p>
        </div>
      </header>
      {!may && <p class="notice">{t("settings.carer")}</p>}
      <div class="settings-grid">
        <SensitivityPart saved={saved} draft={draft} may={may} edit={edit} />
        <div class="settings-column">
          <WatchesPart person={person} saved={saved} draft={draft} may={may} edit={edit} />
          <ChangeList changes={saved.changes} zone={zoneOf(person)} />
          <LooksPart looks={saved.looks ?? []} zone={zoneOf(person)} />
        </div>
        <div class="settings-column">
          <AbsencePart person={person} saved={saved} />
          <MobilityPart saved={saved} draft={draft} may={may} edit={edit} />
          <SheetPart resident={person.id} name={person.name} may={may} />
        </div>
      </div>
      <ZonePart person={person} may={may} />
      {count > 0 && (
        <SaveBar count={count} refused={refused} onSave={() => void store()} onDrop={() => forget(person.id)} />
      )}
      {wanted !== null && (
        <LeaveDialog
          save={() => void store().then((done) => (done ? leave(wanted) : setWanted(null)))}
          drop={() => {
            forget(person.id);
            leave(wanted);
          }}
          stay={() => setWanted(null)}
        />
      )}
    </>
  );
}

export function SettingsPage({ id }: { id: string }): JSX.Element {
  const path = `/residents/${encodeURIComponent(id)}`;
  const person = useLoaded<ResidentDetail>(path, changed.value, AGAIN_MS);
  const saved = useLoaded<WatchSettings>(`${path}/settings`, changed.value, AGAIN_MS);
  const error = person.error ?? saved.error;
  const again = (): void => {
    person.again();
    saved.again();
  };
  return (
    <main class="page" id="content" key={id}>
      <a class="back" href={path} onClick={follow}>
        <Icon name="back" />
        {person.value?.name ?? t("person.title")}
      </a>
      {person.value && saved.value && <Body person={person.value} saved={saved.value} />}
      {!(person.value && saved.value) && !error && <Loading text={t("settings.loading")} />}
      {!(person.value && saved.value) && error && (
        <Failed text={t("settings.failed", { message: error.message })} again={again} />
      )}
    </main>
  );
}

/** What a part of the page that is saved together is given. */
export interface PartProps {
  saved: WatchSettings;
  draft: Draft;
  may: boolean;
  edit: (part: Partial<Draft>) => void;
}
