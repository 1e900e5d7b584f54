/** The pictures of the ground, fetched when an alert or a resident has one. */

import type { ComponentType } from "preact";
import { lazy } from "../lazy";
import type { Alert } from "../records";

export const AlertWay: ComponentType<{ alert: Alert }> = lazy(
  () => import("./AlertWay").then((found) => found.AlertWay),
  () => <div class="ground-waiting" />,
);

export const WhereaboutsCard: ComponentType<{ resident: string; alerted: boolean }> = lazy(
  () => import("./WhereaboutsCard").then((found) => found.WhereaboutsCard),
  () => null,
);
