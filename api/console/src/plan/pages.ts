/** What is fetched together. */

import { addWords } from "../words";
import { en } from "../words/plan.en";
import { zh } from "../words/plan.zh";

addWords({ en, zh });

export { PlanPage } from "./PlanPage";
