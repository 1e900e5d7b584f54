/** What an account may do where: a role and a place a line. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Resident } from "../records";
import { user } from "../session";
import { t, type Key } from "../words";
import { ROLES, type Grant, type Place, type Role } from "./records";

/** A place's depth among those one sees, as the eye reads a tree. */
const INDENT = "\u2003";

export interface Ground {
  places: Place[];
  residents: Resident[];
}

export const emptyGrant = (): Grant => ({ role: "carer", place: null, resident: null });

/** Whether whoever is signed in may give rights everywhere. */
export const everywhere = (): boolean =>
  (user.value?.grants ?? []).some((one) => one.role === "administrator" && one.place === null);

/** Says what is missing, null when all is said. */
export function wrongIn(grants: Grant[]): Key | null {
  if (grants.some((one) => one.role === "family" && !one.resident)) return "rights.choose.resident";
  if (!everywhere() && grants.some((one) => one.role !== "family" && !one.place)) return "rights.choose.place";
  return null;
}

interface Props {
  grants: Grant[];
  ground: Ground;
  put: (grants: Grant[]) => void;
}

export function GrantsEditor({ grants, ground, put }: Props): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  const count = useRef(grants.length);
  useEffect(() => {
    // A line added is where one goes on; one taken away leaves its neighbour.
    const selects = list.current?.querySelectorAll<HTMLSelectElement>("[data-role]");
    if (count.current !== grants.length) selects?.[grants.length - 1]?.focus();
    count.current = grants.length;
  }, [grants.length]);
  const change = (at: number, next: Grant): void => put(grants.map((one, i) => (i === at ? next : one)));
  return (
    <fieldset class="grants">
      <legend>{t("rights.grants")}</legend>
      {grants.length === 0 && <p class="muted">{t("rights.grants.none")}</p>}
      <ul ref={list}>
        {grants.map((grant, at) => (
          <li key={at}>
            <Line grant={grant} ground={ground} at={at} change={(next) => change(at, next)} />
            <button
              type="button"
              class="link-button"
              aria-label={t("rights.grant.remove.long", { n: at + 1 })}
              onClick={() => put(grants.filter((_, i) => i !== at))}
            >
              {t("rights.grant.remove")}
            </button>
            <p class="fine grant-about">{t(`rights.role.${grant.role}.about`)}</p>
          </li>
        ))}
      </ul>
      <button type="button" class="button" data-testid="grant-add" onClick={() => put([...grants, emptyGrant()])}>
        {t("rights.grant.add")}
      </button>
    </fieldset>
  );
}

interface LineProps {
  grant: Grant;
  ground: Ground;
  at: number;
  change: (next: Grant) => void;
}

function Line({ grant, ground, at, change }: LineProps): JSX.Element {
  const top = Math.min(...ground.places.map((one) => one.path.length));
  const become = (role: Role): void =>
    change({ role, place: role === "family" ? null : grant.place, resident: role === "family" ? grant.resident : null });
  return (
    <div class="grant-line">
      <label class="field">
        {t("rights.grant.role")}
        <select data-role data-testid={`role-${at}`} value={grant.role} onChange={(e) => become(e.currentTarget.value as Role)}>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t(`rights.role.${role}`)}
            </option>
          ))}
        </select>
      </label>
      {grant.role === "family" ? (
        <label class="field">
          {t("rights.grant.resident")}
          <select
            data-testid={`resident-${at}`}
            value={grant.resident ?? ""}
            onChange={(e) => change({ ...grant, resident: e.currentTarget.value || null })}
          >
            <option value="">{t("rights.choose")}</option>
            {ground.residents.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name} · {one.unit_name}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <label class="field">
          {t("rights.grant.place")}
          <select
            data-testid={`place-${at}`}
            value={grant.place ?? ""}
            onChange={(e) => change({ ...grant, place: e.currentTarget.value || null })}
          >
            <option value="">{t(everywhere() ? "rights.everywhere" : "rights.choose")}</option>
            {ground.places.map((one) => (
              <option key={one.id} value={one.id}>
                {INDENT.repeat(one.path.length - top)}
                {one.name}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
