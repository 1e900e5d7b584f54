/** The pages of a resident, each fetched when somebody opens it: what the desk does not need does not slow it down. */

import type { ComponentType, JSX } from "preact";
import { lazy } from "../lazy";
import { Loading } from "../states";
import { t } from "../words";

type Page = ComponentType<{ id: string }>;

/** The desk has fetched and drawn by then; later, where somebody goes from there, the ward's Wi-Fi may be gone. */
const AHEAD_MS = 5_000;

const waiting = (): JSX.Element => (
  <main class="page" id="content">
    <Loading text={t("person.loading")} />
  </main>
);

const resident = (): Promise<Page> => import("./ResidentPage").then((found) => found.ResidentPage);
setTimeout(() => void resident().catch(() => undefined), AHEAD_MS); // asked for again when it is opened

export const ResidentPage: Page = lazy(resident, waiting);
export const SettingsPage: Page = lazy(() => import("./settings/SettingsPage").then((found) => found.SettingsPage), waiting);
