/** The plan, fetched when somebody opens it: what the desk does not need does not slow it down. */

import { lazy } from "../lazy";
import { Loading } from "../states";
import { t } from "../words";

export const PlanPage = lazy<object>(
  () => import("./pages").then((found) => found.PlanPage),
  () => (
    <main class="page" id="content">
      <Loading text={t("rights.loading")} />
    </main>
  ),
);
