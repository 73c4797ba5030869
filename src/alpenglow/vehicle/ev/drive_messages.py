"""The frames of drive, chassis, battery, restraint and surroundings. What the body says is in `body_items`.

Frames on which the cluster's red and amber telltales rest are protected end to end. Cycle times are the usual ones of
such frames: 10–20 ms for what moves the car, 100 ms for states, a second for what changes slowly.
"""

from alpenglow.vehicle.ev.layout import Field, Message, choice, flag, number

_WHEEL = {
    "FL": "Chassis.Axle.Row1.Wheel.Left",
    "FR": "Chassis.Axle.Row1.Wheel.Right",
    "RL": "Chassis.Axle.Row2.Wheel.Left",
    "RR": "Chassis.Axle.Row2.Wheel.Right",
}
SEAT = {
    "FL": "Cabin.Seat.Row1.DriverSide",
    "FR": "Cabin.Seat.Row1.PassengerSide",
    "RL": "Cabin.Seat.Row2.DriverSide",
    "RR": "Cabin.Seat.Row2.PassengerSide",
}
_BATTERY = "Powertrain.TractionBattery"
_CHARGING = f"{_BATTERY}.Charging"
_GEARS = ("P", "R", "N", "D")
_GEAR_CODES = {"P": 126, "R": -1, "N": 0, "D": 127}  # VSS, CurrentGear


def _each(wheels: dict[str, str], make: str, bits: int, leaf: str, **kwargs: float | str) -> tuple[Field, ...]:
    return tuple(
        number(f"{make}{corner}", bits, f"{branch}.{leaf}", **kwargs)  # type: ignore[arg-type]
        for corner, branch in wheels.items()
    )


RADAR_TRACKS = 16
RADAR_KINDS = ("UNKNOWN", "CAR", "TRUCK", "TWO_WHEELER", "PERSON")  # by number, as in Perception.Objects
_TRACK = (
    number("Scan", 4),
    flag("Valid"),
    flag("New"),
    choice("Kind", RADAR_KINDS),
    number("Ahead", 13, scale=0.04, offset=-80, unit="m"),
    number("Left", 11, scale=0.04, offset=-40, unit="m"),
    number("RelSpeed", 12, scale=0.05, offset=-100, unit="m/s"),
)

DRIVE_MESSAGES = (
    Message(
        "BRK_SPEED",
        0x0A5,
        "BRAKE",
        10,
        (
            number("VehicleSpeed", 16, "Speed", scale=0.01, unit="km/h"),
            flag("Moving", "IsMoving"),
        ),
        protected=True,
    ),
    Message(
        "BRK_WHEELS",
        0x0B0,
        "BRAKE",
        20,
        _each(_WHEEL, "WheelSpeed", 13, "Speed", scale=0.05, unit="km/h"),
        protected=True,
    ),
    Message(
        "BRK_STATUS",
        0x0B8,
        "BRAKE",
        20,
        (
            number("BrakePedal", 7, "Chassis.Brake.PedalPosition", unit="%"),
            flag("AbsActive", "ADAS.ABS.IsEngaged"),
            flag("AbsLamp", "ADAS.ABS.IsError", "Alpenglow.FaultLamp.ABS"),
            flag("EscActive", "ADAS.ESC.IsEngaged"),
            flag("EscLamp", "ADAS.ESC.IsError", "ADAS.TCS.IsError", "Alpenglow.FaultLamp.ESC"),
            flag("TcsActive", "ADAS.TCS.IsEngaged"),
            flag("BrakeLamp", "Alpenglow.FaultLamp.Brake"),
            flag("FluidLow", *(f"{wheel}.Brake.IsFluidLevelLow" for wheel in _WHEEL.values())),
            flag("EmergencyBraking", "Chassis.Brake.IsDriverEmergencyBrakingDetected"),
            flag("EbdError", "ADAS.EBD.IsError"),
        ),
        protected=True,
    ),
    Message(
        "ESC_MOTION",
        0x0E8,
        "BRAKE",
        20,
        (
            number("YawRate", 12, "AngularVelocity.Yaw", scale=0.1, offset=-200, unit="deg/s"),
            number("AccelerationX", 12, "Acceleration.Longitudinal", scale=0.02, offset=-40, unit="m/s2"),
            number("AccelerationY", 12, "Acceleration.Lateral", scale=0.02, offset=-40, unit="m/s2"),
            number("RoadFriction", 7, "ADAS.ESC.RoadFriction.MostProbable", unit="%"),
        ),
    ),
    Message(
        "MOT_STATUS",
        0x0C0,
        "MOTOR",
        20,
        (
            number("MotorTorque", 11, "Powertrain.ElectricMotor.Torque", offset=-1000, unit="Nm"),
            number("MotorSpeed", 15, "Powertrain.ElectricMotor.Speed", offset=-4000, unit="rpm"),
            number("MotorPower", 10, "Powertrain.ElectricMotor.Power", offset=-400, unit="kW"),
        ),
        protected=True,
    ),
    Message(
        "MOT_LIMITS",
        0x1C0,
        "MOTOR",
        100,
        (
            number("AvailablePower", 10, "Alpenglow.AvailablePower", scale=0.5, unit="kW"),
            number("AvailableRegen", 10, "Alpenglow.AvailableRegen", scale=0.5, unit="kW"),
            number("MotorTemperature", 8, "Powertrain.ElectricMotor.Temperature", offset=-50, unit="degC"),
            number(
                "CoolantTemperature",
                8,
                "Powertrain.ElectricMotor.EngineCoolant.Temperature",
                offset=-50,
                unit="degC",
            ),
            choice(
                "CoolantLevel",
                ("CRITICALLY_LOW", "LOW", "NORMAL"),
                "Powertrain.ElectricMotor.EngineCoolant.Level",
            ),
        ),
    ),
    Message(
        "VCU_DRIVE",
        0x0D0,
        "VCU",
        20,
        (
            choice("GearEngaged", _GEARS, "Powertrain.Transmission.CurrentGear", values=_GEAR_CODES),
            choice("Lever", _GEARS, "Alpenglow.GearSelector"),
            number("AcceleratorPedal", 7, "Chassis.Accelerator.PedalPosition", unit="%"),
            flag("Ready", "Alpenglow.Ready", "Powertrain.Transmission.IsElectricalPowertrainEngaged"),
            flag("EvSystemLamp", "Alpenglow.FaultLamp.EVSystem"),
            flag("PowerLimited", "Alpenglow.PowertrainLimited"),
            flag("ParkLock", "Powertrain.Transmission.IsParkLockEngaged"),
        ),
        protected=True,
    ),
    Message(
        "EPS_STEERING",
        0x0E0,
        "STEERING",
        20,
        (
            number("WheelAngle", 12, "Chassis.SteeringWheel.Angle", offset=-2000, unit="deg"),
            number("AxleAngle", 12, "Chassis.Axle.Row1.SteeringAngle", scale=0.02, offset=-40, unit="deg"),
        ),
        protected=True,
    ),
    Message(
        "BMS_STATUS",
        0x1A0,
        "BMS",
        50,
        (
            number("PackVoltage", 12, f"{_BATTERY}.CurrentVoltage", scale=0.2, unit="V"),
            number("PackCurrent", 14, f"{_BATTERY}.CurrentCurrent", scale=0.1, offset=-800, unit="A"),
            number("PackPower", 16, f"{_BATTERY}.CurrentPower", scale=10, offset=-327680, unit="W"),
            flag("Contactors", f"{_BATTERY}.IsPowerConnected"),
            flag("IsolationGood", f"{_BATTERY}.IsGroundConnected"),
        ),
        protected=True,
    ),
    Message(
        "BMS_CHARGE",
        0x1A8,
        "BMS",
        500,
        (
            number("SocCells", 10, f"{_BATTERY}.StateOfCharge.Current", scale=0.1, unit="%"),
            number("SocDisplayed", 10, f"{_BATTERY}.StateOfCharge.Displayed", scale=0.1, unit="%"),
            number("EnergyLeft", 10, f"{_BATTERY}.StateOfCharge.CurrentEnergy", scale=0.1, unit="kWh"),
            number("StateOfHealth", 7, f"{_BATTERY}.StateOfHealth", unit="%"),
            number("TemperatureMean", 8, f"{_BATTERY}.Temperature.Average", offset=-50, unit="degC"),
            number("TemperatureMin", 8, f"{_BATTERY}.Temperature.Min", offset=-50, unit="degC"),
            number("TemperatureMax", 8, f"{_BATTERY}.Temperature.Max", offset=-50, unit="degC"),
        ),
    ),
    Message(
        "BMS_RANGE",
        0x1B0,
        "BMS",
        500,
        (
            number("Range", 16, f"{_BATTERY}.Range", "Powertrain.Range", scale=10, unit="m"),
            number("Consumption", 10, "Alpenglow.EnergyConsumption", scale=0.2, offset=-100, unit="kWh/100km"),
            flag("ConditioningActive", f"{_BATTERY}.BatteryConditioning.IsActive"),
            flag("ConditioningOngoing", f"{_BATTERY}.BatteryConditioning.IsOngoing"),
        ),
    ),
    Message(
        "VCU_POWER",
        0x1C8,
        "VCU",
        100,
        (
            number("DrivePower", 16, "Alpenglow.Power.Drive", scale=10, offset=-327680, unit="W"),
            number("ClimatePower", 10, "Alpenglow.Power.Climate", scale=10, unit="W"),
            number("BatteryCarePower", 9, "Alpenglow.Power.BatteryCare", scale=10, unit="W"),
            number("AuxiliaryPower", 10, "Alpenglow.Power.Auxiliary", scale=5, unit="W"),
            number("ChargingPower", 15, "Alpenglow.Power.Charging", scale=10, unit="W"),
        ),
    ),
    Message(
        "CHG_STATUS",
        0x1B8,
        "CHARGER",
        200,
        (
            flag("Charging", f"{_CHARGING}.IsCharging"),
            flag("Discharging", f"{_CHARGING}.IsDischarging"),
            flag(
                "CableConnected",
                f"{_CHARGING}.ChargingPort.AnyPosition.IsChargingCableConnected",
                f"{_CHARGING}.ChargingPort.FrontLeft.IsChargingCableConnected",
            ),
            number("ChargeCurrentDC", 12, f"{_CHARGING}.ChargeCurrent.DC", scale=0.1, unit="A"),
            number("ChargeRate", 11, f"{_CHARGING}.ChargeRate", unit="km/h"),
            number("TimeToComplete", 17, f"{_CHARGING}.TimeToComplete", unit="s"),
        ),
    ),
    Message(
        "RCM_RESTRAINT",
        0x120,
        "AIRBAG",
        100,
        (
            *(flag(f"Belt{corner}", f"{seat}.IsBelted") for corner, seat in SEAT.items()),
            *(
                choice(f"Seat{corner}", ("EMPTY", "OCCUPIED"), f"{seat}.OccupancyStatus")
                for corner, seat in SEAT.items()
            ),
            flag("AirbagLamp", "Alpenglow.FaultLamp.Airbag"),
            flag("AirbagFL", f"{SEAT['FL']}.Airbag.IsDeployed"),
            flag("AirbagFR", f"{SEAT['FR']}.Airbag.IsDeployed"),
            flag("AirbagEnabledFR", f"{SEAT['FR']}.Airbag.IsEnabled"),
        ),
        protected=True,
    ),
    Message(
        "TPM_TYRES",
        0x380,
        "TPMS",
        500,
        (
            *_each(_WHEEL, "Pressure", 8, "Tire.Pressure", scale=2, unit="kPa"),
            *_each(_WHEEL, "Temperature", 6, "Tire.Temperature", scale=2, offset=-40, unit="degC"),
            *(flag(f"Low{c}", f"{wheel}.Tire.IsPressureLow") for c, wheel in _WHEEL.items()),
        ),
    ),
    Message(
        "LV_STATUS",
        0x390,
        "GATEWAY",
        200,
        (
            number("Voltage12V", 9, "LowVoltageBattery.CurrentVoltage", scale=0.05, unit="V"),
            number("Current12V", 10, "LowVoltageBattery.CurrentCurrent", scale=0.5, offset=-250, unit="A"),
            choice("PowerState", ("UNDEFINED", "LOCK", "OFF", "ACC", "ON", "START"), "LowVoltageSystemState"),
            number("DcdcLoss", 10, f"{_BATTERY}.DCDC.PowerLoss", unit="W"),
        ),
    ),
    Message(
        "GTW_ODOMETER",
        0x3A0,
        "GATEWAY",
        200,
        (
            number("Odometer", 32, "TraveledDistance", unit="m"),
            number("SinceStart", 24, "TraveledDistanceSinceStart", unit="m"),
        ),
    ),
    Message(
        "GTW_SURROUNDINGS",
        0x3B0,
        "GATEWAY",
        200,
        (
            number("OutsideTemperature", 8, "Exterior.AirTemperature", scale=0.5, offset=-45, unit="degC"),
            number("LightIntensity", 7, "Exterior.LightIntensity", unit="%"),
            number("Rain", 7, "Body.Raindetection.Intensity", unit="%"),
            number(
                "CabinTemperature",
                8,
                "Cabin.HVAC.AmbientAirTemperature",
                scale=0.5,
                offset=-45,
                unit="degC",
            ),
            number("SpeedLimit", 8, "Alpenglow.SpeedLimit", unit="km/h"),
            number("WasherFluid", 7, "Body.Windshield.Front.WasherFluid.Level", unit="%"),
        ),
    ),
    Message(
        "GPS_POSITION",
        0x3C0,
        "GNSS",
        100,
        (
            number("Latitude", 32, "CurrentLocation.Latitude", scale=1e-7, offset=-180, unit="deg"),
            number("Longitude", 32, "CurrentLocation.Longitude", scale=1e-7, offset=-180, unit="deg"),
        ),
    ),
    Message(
        "GPS_MOTION",
        0x3C8,
        "GNSS",
        100,
        (
            number("Altitude", 14, "CurrentLocation.Altitude", scale=0.5, offset=-500, unit="m"),
            number("Heading", 12, "CurrentLocation.Heading", scale=0.1, unit="deg"),
            choice("FixType", ("NONE", "TWO_D", "THREE_D"), "CurrentLocation.GNSSReceiver.FixType"),
        ),
    ),
    Message(
        "CAM_LANE",
        0x0F0,
        "CAMERA",
        50,
        (
            number("LaneWidth", 8, "Alpenglow.Perception.LaneWidth", scale=0.02, unit="m"),
            number("LaneOffset", 10, "Alpenglow.Perception.LaneOffset", scale=0.01, offset=-5, unit="m"),
            number("LaneCurvature", 14, "Alpenglow.Perception.LaneCurvature", scale=1e-5, offset=-0.08, unit="1/m"),
            flag("LaneDeparture", "ADAS.LaneDepartureDetection.IsWarning"),
        ),
    ),
    # As radars do: a frame for each object that can be followed, all of a scan at once.
    *(Message(f"RAD_TRACK_{n}", 0x100 + n, "RADAR", 50, _TRACK, burst=True) for n in range(RADAR_TRACKS)),
)
