// Settings of the screens: how they speak, count, look and sound. What is chosen here is the cockpit's own setting and
// goes through the door like everything else.

import "./settings.css";
import { html, nothing, type TemplateResult } from "lit/html.js";
import brightnessIcon from "@mdi/svg/svg/brightness-6.svg";
import languageIcon from "@mdi/svg/svg/translate.svg";
import lookIcon from "@mdi/svg/svg/palette.svg";
import signalsIcon from "@mdi/svg/svg/chart-line-variant.svg";
import soundIcon from "@mdi/svg/svg/volume-high.svg";
import themeIcon from "@mdi/svg/svg/theme-light-dark.svg";
import unitsIcon from "@mdi/svg/svg/ruler.svg";
import { brand, BRAND_PATH } from "../../shared/brand";
import { CHOICE_PATH } from "../../shared/theme";
import { fetchLetters, LANGUAGE_PATH, LANGUAGES } from "../../shared/words";
import type { Car } from "../car";
import { plain } from "../controls";
import type { CentrePage } from "../page";

const HMI = "Vehicle.Cabin.Infotainment.HMI";
const BRIGHTNESS = `${HMI}.Brightness`;
const VOLUME = "Vehicle.Cabin.Infotainment.Media.Volume";
const UNITS = [
  [`${HMI}.DistanceUnit`, "settings.distance", [["KILOMETERS", "km"], ["MILES", "mi"]]],
  [`${HMI}.SpeedUnit`, "settings.speed", [["KILOMETERS_PER_HOUR", "km/h"], ["MILES_PER_HOUR", "mph"]]],
  [`${HMI}.TemperatureUnit`, "settings.temperature", [["C", "°C"], ["F", "°F"]]],
  [`${HMI}.TirePressureUnit`, "settings.pressure", [["BAR", "bar"], ["PSI", "psi"], ["KPA", "kPa"]]],
] as const;
const CLOCK = `${HMI}.TimeFormat`;

const page: CentrePage = {
  paths: [LANGUAGE_PATH, BRAND_PATH, CHOICE_PATH, BRIGHTNESS, VOLUME, CLOCK, ...UNITS.map(([path]) => path)],
  setup: true,
  opened: () => LANGUAGES.forEach(([language]) => fetchLetters(language)),
  view(car) {
    const { controls, t } = car;
    const themes = (["AUTO", "DAY", "NIGHT"] as const).map((value) => ({ value, title: t(`settings.theme_${value}`) }));
    return html`<div class="settings">
      <section class="card">
        ${controls.choice(
          { path: LANGUAGE_PATH, title: t("settings.language"), drawing: languageIcon },
          LANGUAGES.map(([value, title]) => ({ value, title })),
        )}
        ${looks(car)}
      </section>
      <section class="card">
        ${controls.choice({ path: CHOICE_PATH, title: t("settings.theme"), drawing: themeIcon }, themes)}
        ${percent(car, BRIGHTNESS, t("settings.brightness"), brightnessIcon, 10)}
        ${percent(car, VOLUME, t("settings.volume"), soundIcon, 0)}
      </section>
      ${units(car)}
      <section class="card about">
        <h2>${t("settings.about")}</h2>
        <p>${brand.line.title || car.connection.hello.value?.line} · Alpenglow ${car.connection.hello.value?.version}</p>
        <a class="button" href=${`signals${location.search}`} data-link="signals">
          ${car.icon("signals", signalsIcon)}<span>${t("common.signals")}</span>
        </a>
      </section>
    </div>`;
  },
};
export default page;

/** The brands that this car has, where there is more than one; "" is the line's own. */
function looks({ controls, t }: Car): TemplateResult | typeof nothing {
  const { brands } = brand.look.value;
  if (brands.length < 2) return nothing;
  const choices = brands.map(({ name, title }) => ({ value: name === brand.line.brand ? "" : name, title }));
  return controls.choice({ path: BRAND_PATH, title: t("settings.brand"), drawing: lookIcon }, choices);
}

function percent({ controls }: Car, path: string, title: string, drawing: string, minimum: number): TemplateResult {
  return controls.slider({ path, title, drawing, minimum, maximum: 100, scale: plain("%", 5) });
}

function units({ controls, t, units }: Car): TemplateResult {
  return html`<section class="card units">
    ${UNITS.map(([path, key, choices], index) =>
      controls.choice(
        { path, title: t(key), ...(index === 0 ? { drawing: unitsIcon } : {}) },
        choices.map(([value, title]) => ({ value, title: units.sign(title) })),
      ),
    )}
    ${controls.choice({ path: CLOCK, title: t("settings.clock") }, [
      { value: "HR_24", title: t("settings.hours_24") },
      { value: "HR_12", title: t("settings.hours_12") },
    ])}
  </section>`;
}
