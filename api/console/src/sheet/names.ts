/** What a kind of alert is called among the steps. */

import { kindName } from "../reasons";
import { t } from "../words";

export const ringName = (kind: string): string => (kind === "any" ? t("sheet.ring.any") : kindName(kind));
