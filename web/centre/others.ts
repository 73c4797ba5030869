// All pages but the first, in one file: they are small, and small files hardly compress.

import car from "./car/page";
import climate from "./climate/page";
import comfort from "./comfort/page";
import drive from "./drive/page";
import energy from "./energy/page";
import map from "./map/page";
import media from "./media/page";
import messages from "./messages/page";
import privacy from "./privacy/page";
import profiles from "./profiles/page";
import scenes from "./scenes/page";
import settings from "./settings/page";

export default { car, climate, comfort, drive, energy, map, media, messages, privacy, profiles, scenes, settings };
