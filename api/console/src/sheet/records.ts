/** Care sheets as the API says them (api/sheet_models.py). */

export interface Contact {
  name: string;
  phone: string;
  relation: string | null;
  note: string | null;
}

/** What to do, a line a step, by kind of alert; `any`: whatever it is. */
export type Scripts = Record<string, string>;

export interface PlaceSheet {
  place: string;
  name: string;
  version: number;
  scripts: Scripts;
  set_by: string;
  set_time: string | null;
}

export interface Note {
  id: string;
  text: string;
  written_by: string;
  written_time: string;
  until: string;
}

export interface Sheet {
  version: number;
  contacts: Contact[];
  scripts: Scripts;
  set_by: string;
  set_time: string | null;
  /** The nearest first. */
  places: PlaceSheet[];
  notes: Note[];
}

/** The kinds of alert for which something can be written down (api/sheet_models.py, Rings), the commonest first. */
export const RINGS = ["any", "fall", "sos", "wandering", "inactivity", "routine", "smoke", "gas", "water_leak"] as const;
