// The drawings that a scene may bear: those of the presets, and a few to choose from.

import babyIcon from "@mdi/svg/svg/baby-carriage.svg?raw";
import briefcaseIcon from "@mdi/svg/svg/briefcase.svg?raw";
import drawing from "@mdi/svg/svg/creation.svg?raw";
import heartIcon from "@mdi/svg/svg/heart.svg?raw";
import homeIcon from "@mdi/svg/svg/home.svg?raw";
import moonIcon from "@mdi/svg/svg/weather-night.svg?raw";
import musicIcon from "@mdi/svg/svg/music.svg?raw";
import pawIcon from "@mdi/svg/svg/paw.svg?raw";
import schoolIcon from "@mdi/svg/svg/school.svg?raw";
import sleepIcon from "@mdi/svg/svg/sleep.svg?raw";
import tentIcon from "@mdi/svg/svg/tent.svg?raw";
import washIcon from "@mdi/svg/svg/car-wash.svg?raw";

export const ICONS: Readonly<Record<string, string>> = {
  creation: drawing,
  home: homeIcon,
  briefcase: briefcaseIcon,
  night: moonIcon,
  heart: heartIcon,
  baby: babyIcon,
  music: musicIcon,
  sleep: sleepIcon,
  paw: pawIcon,
  tent: tentIcon,
  "car-wash": washIcon,
  school: schoolIcon,
};

export function drawingOf(name: string): string {
  return ICONS[name] ?? drawing;
}
