/** The devices, fetched when somebody opens them: what the desk does not need does not slow it down. */

import { lazy } from "../lazy";
import { Loading } from "../states";
import { t } from "../words";

export const DevicesPage = lazy<object>(
  () => import("./pages").then((found) => found.DevicesPage),
  () => (
    <main class="page" id="content">
      <Loading text={t("rights.loading")} />
    </main>
  ),
);
