/** What is fetched together. */

import { addWords } from "../words";
import { en } from "../words/rights.en";
import { zh } from "../words/rights.zh";

addWords({ en, zh });

export { LogPage } from "./LogPage";
export { Looks } from "./Looks";
export { NewPassword } from "./NewPassword";
export { OwnPage } from "./OwnPage";
export { RightsPage } from "./RightsPage";
