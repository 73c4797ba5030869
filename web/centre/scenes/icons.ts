// The drawings that a scene may bear: those of the presets, and a few to choose from.

import babyIcon from "@mdi/svg/svg/baby-carriage.svg";
import briefcaseIcon from "@mdi/svg/svg/briefcase.svg";
import drawing from "@mdi/svg/svg/creation.svg";
import heartIcon from "@mdi/svg/svg/heart.svg";
import homeIcon from "@mdi/svg/svg/home.svg";
import moonIcon from "@mdi/svg/svg/weather-night.svg";
import musicIcon from "@mdi/svg/svg/music.svg";
import pawIcon from "@mdi/svg/svg/paw.svg";
import schoolIcon from "@mdi/svg/svg/school.svg";
import sleepIcon from "@mdi/svg/svg/sleep.svg";
import tentIcon from "@mdi/svg/svg/tent.svg";
import washIcon from "@mdi/svg/svg/car-wash.svg";

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
