/** The zone of a resident: looked at by everybody on duty, drawn by an administrator, with what it would have told. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { nowMs } from "../../clock";
import { degreesOf, metresOf } from "../../ground/plan";
import type { Degrees, Ground, Spot, ZoneDrawn, ZonePreview } from "../../ground/records";
import { bearing, far, scaleWords, windWords } from "../../ground/say";
import { post } from "../../http";
import { useLoaded } from "../../load";
import type { ResidentDetail } from "../../records";
import { Failed, Loading } from "../../states";
import { length } from "../../when";
import { lang, t, type Key } from "../../words";
import { changed, saveZone, sending } from "./acts";
import { dated, zoneOf as timezoneOf } from "./zone";
import {
  areaOf, asCircle, circleOf, coordinatesOf, draftOfZone, keepZone, MAX_CORNERS, middleOfLongest, RADII_M, step, undone,
  withCorner, without, wrongOf, type Corner, type ZoneDraft,
} from "./zoneDraft"; // prettier-ignore
import { ZoneMap } from "./ZoneMap";

export function ZonePart({ person, may }: { person: ResidentDetail; may: boolean }): JSX.Element {
  const loaded = useLoaded<ZoneDrawn>(`/residents/${encodeURIComponent(person.id)}/zone`, changed.value);
  const [there, setThere] = useState<Degrees | null>(null);
  const saved = loaded.value;
  const ground = saved && (saved.ground ?? (there && emptyGround(there)));
  const draft = draftOfZone(person.id);
  const begin = (): void => saved && keepZone(person.id, { corners: saved.corners, before: [] }) || undefined;
  return (
    <section class="panel panel-wide ground" data-testid="zone-part">
      <h2>{t("zone.title")}</h2>
      <p class="muted">{t("zone.about")}</p>
      {!saved && !loaded.error && <Loading text={t("settings.loading")} />}
      {!saved && loaded.error && <Failed text={t("settings.failed", { message: loaded.error.message })} again={loaded.again} />}
      {saved && !ground && <p>{t("zone.unknown")}</p>}
      {saved && !ground && may && <Coordinates put={setThere} />}
      {saved && ground?.origin && !(draft && may) && (
        <>
          <p class="ground-headline">{zoneSaid(cornersIn(saved.corners, ground.origin), ground)}</p>
          <ZoneMap ground={ground} corners={cornersIn(saved.corners, ground.origin)} seen={[]} draw={null} chosen={null} choose={() => undefined} />
          {may && (
            <div>
              <button class="button" data-testid="zone-draw" onClick={begin}>
                {t(saved.corners.length ? "zone.change" : "zone.draw")}
              </button>
            </div>
          )}
        </>
      )}
      {saved && ground?.origin && draft && may && <Drawing person={person} ground={ground} origin={ground.origin} draft={draft} saved={saved} />}
    </section>
  );
}

const emptyGround = (origin: Degrees): Ground => ({ origin, at_home: false, places: [], zone: [], tiles: null });

const cornersIn = (corners: Corner[], origin: Degrees): Spot[] => corners.map((corner) => metresOf(origin, corner));

/** `0.28 km²`, `4 ha` */
function areaWords(m2: number): string {
  if (m2 >= 950_000) return t("zone.km2", { n: Number((m2 / 1e6).toPrecision(2)) });
  return t("zone.ha", { n: Number((m2 / 1e4).toPrecision(2)) });
}

/** `300 m around home`, or an area. */
function zoneSaid(corners: Spot[], ground: Ground): string {
  if (!corners.length) return t("zone.none");
  const circle = asCircle(corners);
  if (!circle) return t("zone.shape", { area: areaWords(areaOf(corners)), n: corners.length });
  const place = ground.places.find((one) => Math.hypot(one.x - circle.middle.x, one.y - circle.middle.y) < Math.max(30, one.radius));
  const name = !place ? t("zone.place.there") : place.home ? t("zone.place.home") : t("zone.place.last");
  return t("zone.circle", { far: far(circle.radius), place: name, area: areaWords(areaOf(corners)) });
}

interface DrawingProps {
  person: ResidentDetail;
  ground: Ground;
  origin: Degrees;
  draft: ZoneDraft;
  saved: ZoneDrawn;
}

function Drawing({ person, ground, origin, draft, saved }: DrawingProps): JSX.Element {
  const [chosen, choose] = useState<number | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const corners = cornersIn(draft.corners, origin);
  const wrong = wrongOf(corners);
  const preview = usePreview(person.id, draft.corners, wrong === null);
  const put = (next: Spot[]): void => {
    setRefused(null);
    keepZone(person.id, step(draft, next.map((corner) => degreesOf(origin, corner))));
  };
  const circle = (middle: Spot, radius: number): void => {
    choose(null);
    put(circleOf(middle, radius));
  };
  const store = async (): Promise<void> => {
    const no = await saveZone(person.id, draft.corners, saved.corners);
    setRefused(no);
    if (no === null) keepZone(person.id, null);
  };
  const same = JSON.stringify(draft.corners) === JSON.stringify(saved.corners);
  const longest = middleOfLongest(corners);
  const seen = cornersIn(preview.value?.seen ?? [], origin);
  return (
    <div class="zone-edit">
      <Circle ground={ground} origin={origin} put={circle} />
      <p class="fine">{t("zone.hint")}</p>
      <ZoneMap ground={ground} corners={corners} seen={seen} draw={put} chosen={chosen} choose={choose} />
      <div class="zone-buttons">
        <button class="button" disabled={!draft.before.length} data-testid="zone-undo" onClick={() => (choose(null), keepZone(person.id, undone(draft)))}>
          {t("zone.undo")}
        </button>
        <button class="button" disabled={!longest || corners.length >= MAX_CORNERS} onClick={() => longest && put(withCorner(corners, longest))}>
          {t("zone.add")}
        </button>
        <button class="button" disabled={chosen === null || !corners[chosen]} onClick={() => chosen !== null && (choose(null), put(without(corners, chosen)))}>
          {t("zone.remove")}
        </button>
        <button class="button" disabled={!corners.length} data-testid="zone-clear" onClick={() => (choose(null), put([]))}>
          {t("zone.clear")}
        </button>
      </div>
      <p role="status" class={wrong ? "refusal" : "ground-headline"} data-testid="zone-state">
        {wrong ? t(wrong as Key, { n: corners.length }) : corners.length ? zoneSaid(corners, ground) : t("zone.none.draft")}
      </p>
      {!wrong && corners.length > 0 && <Told preview={preview.value} failed={preview.failed} zone={timezoneOf(person)} />}
      {refused && (
        <p class="refusal" role="alert">
          {refused}
        </p>
      )}
      <div class="zone-buttons">
        <button class="button button-main" data-testid="zone-save" disabled={wrong !== null || same || sending.value} onClick={() => void store()}>
          {sending.value ? t("action.busy") : t("zone.save")}
        </button>
        <button class="button" data-testid="zone-cancel" disabled={sending.value} onClick={() => keepZone(person.id, null)}>
          {t("zone.cancel")}
        </button>
      </div>
      <p class="fine">{t("zone.noted")}</p>
    </div>
  );
}

/** A hand is not asked about at each of its moves. */
const SETTLED_MS = 700;

interface Preview {
  value: ZonePreview | null;
  failed: boolean;
}

function usePreview(resident: string, corners: Corner[], may: boolean): Preview {
  const [found, setFound] = useState<Preview & { of: string }>({ of: "", value: null, failed: false });
  const asked = JSON.stringify(corners);
  useEffect(() => {
    if (!may) return undefined;
    let wanted = true;
    const timer = setTimeout(() => {
      post<ZonePreview>(`/residents/${encodeURIComponent(resident)}/zone/preview`, { corners }).then(
        (value) => wanted && setFound({ of: asked, value, failed: false }),
        () => wanted && setFound((was) => ({ of: asked, value: was.value, failed: true })),
      );
    }, SETTLED_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [resident, asked, may]);
  const now = found.of === asked;
  // Where they were stays drawn while the next answer is on its way; what it would have told does not.
  return { value: found.value && (now ? found.value : { ...found.value, left: [], positions: -1 }), failed: now && found.failed };
}

const FEW = 4;

function Told({ preview, failed, zone }: { preview: ZonePreview | null; failed: boolean; zone: string }): JSX.Element {
  if (failed) return <p class="muted">{t("zone.preview.no")}</p>;
  if (!preview || preview.positions < 0) return <p class="muted">{t("zone.preview.wait")}</p>;
  if (!preview.positions) return <p class="muted">{t("zone.preview.empty")}</p>;
  const { left, days } = preview;
  if (!left.length) return <p data-testid="zone-told">{t("zone.preview.never", { days })}</p>;
  const spell = ({ start, end, m }: ZonePreview["left"][number]): string =>
    t("zone.preview.spell", {
      time: dated(Date.parse(start), zone, nowMs.value, lang.value),
      long: length(Math.max(60_000, Date.parse(end) - Date.parse(start)), lang.value),
      far: far(m),
    });
  return (
    <div data-testid="zone-told">
      <p>
        <b>{t(left.length === 1 ? "zone.preview.one" : "zone.preview.times", { n: left.length, days })}</b>
      </p>
      <ul class="zone-spells">
        {left.slice(0, FEW).map((one) => (
          <li key={one.start}>{spell(one)}</li>
        ))}
        {left.length > FEW && <li class="muted">{t("zone.preview.more", { n: left.length - FEW })}</li>}
      </ul>
    </div>
  );
}

/** The simple choice, without a hand on the map: so many metres around a place. */
function Circle({ ground, origin, put }: { ground: Ground; origin: Degrees; put: (middle: Spot, radius: number) => void }): JSX.Element {
  const places = ground.places.length ? ground.places : [{ x: 0, y: 0, home: false }];
  const [which, setWhich] = useState("0");
  const [typed, setTyped] = useState("");
  const [radius, setRadius] = useState("300");
  const other = coordinatesOf(typed);
  const middle = which === "other" ? other && metresOf(origin, [other.lon, other.lat]) : (places[Number(which)] ?? null);
  const metres = Math.round(Number(radius));
  const name = (place: { x: number; y: number; home: boolean }): string => {
    if (place.home) return t("zone.place.home");
    if (!ground.at_home) return ground.places.length ? t("zone.place.last") : t("zone.place.there");
    return t("zone.place.usual", { far: far(Math.hypot(place.x, place.y)), wind: windWords(bearing({ x: 0, y: 0 }, place)) });
  };
  return (
    <form
      class="zone-circle"
      onSubmit={(event) => {
        event.preventDefault();
        if (middle && metres > 0) put(middle, metres);
      }}
    >
      <label class="field">
        {t("zone.around")}
        <select data-testid="zone-place" value={which} onChange={(event) => setWhich(event.currentTarget.value)}>
          {places.map((place, k) => (
            <option key={k} value={String(k)}>
              {name(place)}
            </option>
          ))}
          <option value="other">{t("zone.place.other")}</option>
        </select>
      </label>
      {which === "other" && (
        <label class="field">
          {t("zone.coordinates")}
          <input value={typed} placeholder={t("zone.coordinates.example")} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
      )}
      <div class="zone-radii" role="group" aria-label={t("zone.radius")}>
        {RADII_M.map((m) => (
          <button key={m} type="button" class="button" data-testid={`zone-${m}`} disabled={!middle} onClick={() => (setRadius(String(m)), middle && put(middle, m))}>
            {scaleWords(m)}
          </button>
        ))}
      </div>
      <label class="field zone-radius">
        {t("zone.radius")} ({t("zone.metres")})
        <span>
          <input type="number" min={30} max={5600} step={10} value={radius} data-testid="zone-radius" onInput={(event) => setRadius(event.currentTarget.value)} />
          <button class="button" disabled={!middle || !(metres > 0)}>
            {t("zone.draw")}
          </button>
        </span>
      </label>
    </form>
  );
}

/** Where to draw for somebody of whom no position is known yet. */
function Coordinates({ put }: { put: (there: Degrees) => void }): JSX.Element {
  const [typed, setTyped] = useState("");
  const there = coordinatesOf(typed);
  return (
    <form
      class="zone-circle"
      onSubmit={(event) => {
        event.preventDefault();
        if (there) put(there);
      }}
    >
      <label class="field">
        {t("zone.coordinates")}
        <input value={typed} placeholder={t("zone.coordinates.example")} data-testid="zone-coordinates" onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
      <button class="button" disabled={!there}>
        {t("zone.draw")}
      </button>
    </form>
  );
}
