/** English words that only a resident's page needs. resident.zh.ts must have the same keys. */

export const en = {
  "week.title": "Rhythm of seven days",
  "week.loading": "Fetching the week…",
  "week.failed": "The week could not be fetched.",
  "week.empty": "Nothing was heard in the last seven days.",
  "week.day": "{weekday} {day}",
  "week.today": "Today",
  "week.night": "about for {length} between 0 and 5",
  "week.night.none": "not about between 0 and 5",
  "week.head.night": "0–5 h",
  "week.key.moved": "movement",
  "week.key.signs": "signs of life at home",
  "week.key.missing": "no data",
  "week.vital": "{name} of seven days: {low} to {high} {unit}",
  "week.vital.last": "last hour with a value: {value} {unit}",
} as const;

export type ResidentKey = keyof typeof en;
