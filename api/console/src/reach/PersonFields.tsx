/** The fields of one person: name, language, when, and the addresses one after the other. */

import type { JSX } from "preact";
import { t } from "../words";
import { MOST_WAYS, newWay, type DraftPerson, type DraftWay } from "./draft";

interface Props {
  person: DraftPerson;
  at: number;
  of: number;
  change: (next: DraftPerson) => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
}

export function PersonFields({ person, at, of, change, move, remove }: Props): JSX.Element {
  const name = person.onDuty ? t("reach.duty", { role: person.onDuty }) : person.name.trim() || t("reach.somebody");
  const put = (number: number, way: DraftWay | null): void =>
    change({ ...person, ways: person.ways.flatMap((each, n) => (n !== number ? [each] : way ? [way] : [])) });
  return (
    <li>
      <div class="reach-person">
        <span class="reach-number figures">{at + 1}</span>
        {person.onDuty ? (
          <b class="reach-duty">{name}</b>
        ) : (
          <label class="field">
            {t("reach.edit.name")}
            <input
              data-testid={`name-${at}`}
              maxLength={100}
              value={person.name}
              onInput={(event) => change({ ...person, name: event.currentTarget.value })}
            />
          </label>
        )}
        <label class="field reach-seconds">
          {t(at === 0 ? "reach.edit.first" : "reach.edit.after")}
          <input
            type="number"
            min={0}
            max={3600}
            value={person.afterS}
            onInput={(event) => change({ ...person, afterS: Number(event.currentTarget.value) })}
          />
        </label>
        <label class="field">
          {t("reach.edit.lang")}
          <select value={person.lang} onChange={(event) => change({ ...person, lang: event.currentTarget.value as DraftPerson["lang"] })}>
            {(["zh", "en", "both"] as const).map((each) => (
              <option key={each} value={each}>
                {t(`reach.lang.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <span class="reach-order">
          <button type="button" class="button" disabled={at === 0} aria-label={t("reach.edit.up", { name })} onClick={() => move(-1)}>
            ↑
          </button>
          <button type="button" class="button" disabled={at === of - 1} aria-label={t("reach.edit.down", { name })} onClick={() => move(1)}>
            ↓
          </button>
          <button type="button" class="button" aria-label={t("reach.edit.remove", { name })} onClick={remove}>
            ✕
          </button>
        </span>
      </div>
      <ul class="reach-ways">
        {person.ways.map((way, number) => (
          <li key={number} class="reach-way-fields">
            <label class="field">
              {t(number === 0 ? "reach.edit.address" : "reach.edit.address.next")}
              <input
                data-testid={`address-${at}-${number}`}
                autocapitalize="none"
                autocomplete="off"
                spellcheck={false}
                placeholder={way.kept ? t("reach.edit.kept", { address: way.shown }) : "https://…"}
                value={way.address}
                onInput={(event) => put(number, { ...way, address: event.currentTarget.value })}
              />
            </label>
            {number > 0 && (
              <label class="field reach-seconds">
                {t("reach.edit.way.after")}
                <input
                  type="number"
                  min={0}
                  max={3600}
                  value={way.afterS}
                  onInput={(event) => put(number, { ...way, afterS: Number(event.currentTarget.value) })}
                />
              </label>
            )}
            {person.ways.length > 1 && (
              <button type="button" class="button" aria-label={t("reach.edit.way.remove")} onClick={() => put(number, null)}>
                ✕
              </button>
            )}
          </li>
        ))}
      </ul>
      {!person.onDuty && person.ways.length < MOST_WAYS && (
        <button
          type="button"
          class="button reach-way-add"
          data-testid={`way-add-${at}`}
          onClick={() => change({ ...person, ways: [...person.ways, newWay()] })}
        >
          {t("reach.edit.way.add")}
        </button>
      )}
    </li>
  );
}
