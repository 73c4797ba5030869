import msgspec


class Finding(msgspec.Struct):
    what: str
    verdict: str
    found: str = ""
    remedy: str = ""
