/** The pages of a shift, fetched when somebody opens one. */

import type { ComponentType, JSX } from "preact";
import { lazy } from "../lazy";
import { Loading } from "../states";
import { t } from "../words";

const waiting = (): JSX.Element => (
  <main class="page" id="content">
    <Loading text={t("rights.loading")} />
  </main>
);

export const ShiftPage: ComponentType<object> = lazy(() => import("./pages").then((found) => found.ShiftPage), waiting);

export const RotaPage: ComponentType<object> = lazy(() => import("./pages").then((found) => found.RotaPage), waiting);
