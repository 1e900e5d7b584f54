/** The review, fetched when somebody opens it: the desk does not need it. */

import { lazy } from "../lazy";
import { Loading } from "../states";
import { t } from "../words";

export const ReviewPage = lazy(
  () => import("./ReviewPage").then((found) => found.ReviewPage),
  () => (
    <main class="page" id="content">
      <Loading text={t("rights.loading")} />
    </main>
  ),
);
