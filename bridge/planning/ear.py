"""The ear: hears one clause after the other and remembers what the next one may lean on."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.effects import BY_NAME
from bridge.planning import bands as equalizing
from bridge.planning.clauses import Clause
from bridge.planning.context import Context
from bridge.planning.frames import Frame
from bridge.planning.given import OWNER, Given, given_to, others
from bridge.planning.intent import Heard, Intent, Operation, Span
from bridge.planning.nearest import nearest
from bridge.planning.plugin_words import plugin_parameters
from bridge.planning.polarity import STRONGEST, Polarity, polarity
from bridge.planning.tokens import Token

_MORE_AGAIN, _BACK = 1.5, 0.5
_KINDS = dict.fromkeys(("", "area", "shape", "everything"), "band")
"""Subjects of one kind, whose "more" and "less" the next clause may lean on."""
_STAGED = {"rms_dbfs": "rms_dbfs", "peak_dbtp": "true_peak_dbtp", "ceiling_dbtp": "true_peak_dbtp"}
_BARE = frozenset(
    (
        "filler",
        "mark",
        "more",
        "less",
        "degree",
        "make",
        "place",
        "sound",
        "at",
        "and",
        "then",
        "not",
        "but",
        "too",
    )
)


@dataclass
class Ear:
    """intents so far; `last`: the polarity and the intent that a clause without its own may continue."""

    context: Context
    intents: list[Intent] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    question: str | None = None
    ordered: bool = False
    inherited: Polarity | None = None
    fault: bool = False
    kind: str = ""
    complaint: Frame | None = None
    open_bands: list[int] = field(default_factory=list)
    place: tuple[str, ...] = ()

    def heard(self) -> Heard:
        """All that was heard. "Too much" and nothing else takes back half of the last wish."""
        if self.complaint is not None and not self.intents and self.context.previous:
            self._add(self.complaint, "again", "", _BACK)
        return Heard(
            intents=tuple(self.intents),
            unsupported=tuple(dict.fromkeys(self.unsupported)),
            impossible=tuple(dict.fromkeys(self.impossible)),
            warnings=tuple(dict.fromkeys(self.warnings)),
            question=self.question,
            in_order=self.ordered,
            language=self.context.lexicon.language,
        )

    def clause(self, clause: Clause, frames: list[Frame]) -> None:
        before = len(self.intents) + len(self.impossible) + (self.question is not None)
        self.ordered = self.ordered or clause.opener == "then"
        used: list[Token] = []
        first = len(self.intents)
        for frame in frames:
            used += self._frame(frame)
        if clause.opener == "or" and 0 < first < len(self.intents):
            self.question = f'"{self.intents[first - 1].words}" or "{self.intents[first].words}"?'
        self._leftovers(
            clause, used, len(self.intents) + len(self.impossible) + (self.question is not None) > before
        )

    def _leftovers(self, clause: Clause, used: list[Token], understood: bool) -> None:
        """What the clause said and nobody took up."""
        if not understood and not used:
            if any(t.role not in _BARE for t in clause.tokens):
                self.unsupported.append(clause.text)
            return
        run: list[str] = []
        for token in (*clause.tokens, Token("mark", "")):
            spare = token.role == "quantity" and not any(token is other for other in used)
            if spare or token.role in ("unknown", "off_topic", "concept"):
                run.append(token.text)
            elif run and token.role != "filler":
                self.unsupported.append(" ".join(run))
                run = []

    # -- one frame -------------------------------------------------------------------------------------------

    def _frame(self, frame: Frame) -> list[Token]:
        wish = self._polarity(frame)
        span, used = _span(frame)
        hear = getattr(self, f"_hear_{frame.role() or 'nothing'}")
        first = len(self.intents)
        used += hear(frame, wish)
        for index in range(first, len(self.intents)):
            if span is not None:
                self.intents[index] = self.intents[index].model_copy(update={"span": span})
        return used

    def _polarity(self, frame: Frame) -> Polarity:
        """Its own, or that of the clause before where it has none: "less harsh and boomy"."""
        wish = polarity(frame, beside_a_wish=bool(self.intents))
        fault = frame.subject.meaning.fault if frame.subject else self.fault
        kind = _KINDS.get(frame.role(), frame.role())
        close = ("and", "or", "+", ",") if kind == "band" else ("and", "or", "+")
        leaning = frame.opener in close and not wish.said and kind == self.kind and not frame.has("degree")
        self.kind = kind
        comparative = (
            frame.role() == "descriptor" and frame.subject is not None and frame.subject.text.endswith("er")
        )
        if leaning and self.inherited is not None and fault == self.fault and not comparative:
            wish = Polarity(self.inherited.wish, self.inherited.sign, wish.amount, False)
        else:
            self.inherited = wish if wish.said else None
        self.fault = fault
        return wish

    def _wheres(self, frame: Frame) -> tuple[str, ...]:
        """Places said in the clause; a clause that only continues ("and brighter") stays where the last one was."""
        if frame.wheres:
            self.place = frame.wheres
        elif frame.opener not in ("and", "+"):
            self.place = ()
        return self.place or (self.context.main,)

    def _add(
        self,
        frame: Frame,
        operation: Operation,
        subject: str = "",
        amount: float = 1.0,
        given: Given | None = None,
    ) -> None:
        for where in self._wheres(frame):
            self.intents.append(
                Intent(
                    operation=operation,
                    subject=subject,
                    amount=max(-STRONGEST, min(STRONGEST, round(amount, 3))),
                    where=where,
                    given=given or {},
                    words=frame.text,
                    confidence=frame.confidence,
                )
            )

    def _name(self, frame: Frame) -> str:
        return frame.subject.subject if frame.subject else ""

    # -- by the role of the subject ----------------------------------------------------------------------------

    def _hear_descriptor(self, frame: Frame, wish: Polarity) -> list[Token]:
        assert frame.subject is not None
        sign, name = frame.subject.meaning.sign, self._name(frame)
        if wish.wish in ("forbid", "keep"):
            self._add(frame, "keep", f"descriptor:{name}", sign if wish.wish == "forbid" else 1)
            return []
        if frame.quantities("hz"):
            return self._bands(
                _without_subject(frame), Polarity("do", sign * wish.sign, wish.amount, wish.said)
            )
        percent = frame.quantities("%")
        amount = percent[0].middle / 30 if percent else wish.amount
        self._add(frame, "descriptor", name, sign * wish.sign * amount)
        return [*percent, *self._nothing_but_numbers(frame, wish)]

    def _nothing_but_numbers(self, frame: Frame, wish: Polarity) -> list[Token]:
        """Levels said in the same breath as a descriptor: "warmer to -14 LUFS"."""
        return (
            self._levels(frame, wish, frame.quantities("lufs", "dbtp"))
            if frame.quantities("lufs", "dbtp")
            else []
        )

    def _hear_effect(self, frame: Frame, wish: Polarity) -> list[Token]:
        name = self._name(frame)
        given, used = given_to(name, frame)
        if wish.wish in ("forbid", "keep") and not given and wish.amount == 1.0:
            self._add(frame, "keep", f"effect:{name}")
        elif wish.wish == "remove" and not given:
            self._add(frame, "remove", name)
        elif name == "hosted_plugin":
            self._which_plugin(frame)
        elif name == "gain":
            return self._level(frame, wish)
        elif name == "equalizer" and frame.quantities("hz"):
            return self._bands(frame, wish)
        elif name not in BY_NAME:
            self.unsupported.append(frame.text)
        else:
            self._add(frame, "effect", name, self._effect_amount(frame, wish, given), given)
        for other in others(name, frame):
            used += self._effect_by_parameter(frame, other)
        return used

    def _which_plugin(self, frame: Frame) -> None:
        """ "use the plugin": which one? An unknown name beside it meets the known ones."""
        before = len(self.impossible)
        self._unknown_plugin(frame)
        if len(self.impossible) == before:
            names = ", ".join(plugin.name for plugin in self.context.plugins[:5])
            self.question = f"Which plugin? {'There are ' + names if names else 'None has been scanned yet'}."

    @staticmethod
    def _effect_amount(frame: Frame, wish: Polarity, given: Given) -> float:
        """ "not too much reverb" is a little reverb, "less reverb" is less of it; numbers speak for themselves."""
        if given:
            return wish.amount
        if frame.has("not") and frame.has("too"):
            return 0.5
        sign = frame.subject.meaning.sign if frame.subject else 1
        return sign * wish.sign * wish.amount

    def _hear_shape(self, frame: Frame, wish: Polarity) -> list[Token]:
        if wish.wish in ("remove", "forbid") and self._name(frame) != "notch" and not frame.quantities("hz"):
            self._add(frame, "remove", "equalizer")
            return []
        if self._name(frame) in equalizing.PASSES:
            return self._bands(frame, Polarity("do", 1, wish.amount, wish.said))
        taken = self._bands(frame, wish)
        if not taken and not frame.quantities("hz"):
            self.question = f"{frame.text}: at which frequency, and by how many dB?"
        return taken

    def _hear_area(self, frame: Frame, wish: Polarity) -> list[Token]:
        if wish.wish in ("forbid", "keep"):
            self._add(frame, "keep", f"area:{self._name(frame)}", 1 if wish.wish == "forbid" else 0)
            return []
        return self._bands(frame, wish)

    def _bands(self, frame: Frame, wish: Polarity) -> list[Token]:
        found = equalizing.bands(frame, wish, self.context.lexicon)
        first = len(self.intents)
        area = self._name(frame) if frame.role() == "area" else ""
        for band in found.given:
            self._add(frame, "band", area, wish.sign * wish.amount, band)
        self._close_bands(found)
        if found.open and found.given and found.given[0]["kind"] not in equalizing.PASSES:
            self.open_bands += range(first, len(self.intents))
        return found.used

    def _close_bands(self, found: equalizing.Bands) -> None:
        """ "cut 250 and 500 Hz by 3 dB": the gain said last holds for the bands before that had none."""
        gain = found.given[-1].get("gain_db") if found.given else None
        if not found.open and gain is not None:
            for index in self.open_bands:
                intent = self.intents[index]
                if not intent.subject and intent.given.get("frequency_hz"):
                    self.intents[index] = intent.model_copy(
                        update={"given": intent.given | {"gain_db": gain}}
                    )
        if not found.open:
            self.open_bands = []

    def _hear_louder(self, frame: Frame, wish: Polarity) -> list[Token]:
        return self._level(frame, wish)

    def _hear_quieter(self, frame: Frame, wish: Polarity) -> list[Token]:
        if frame.has("too"):
            return self._level(frame, Polarity("do", 1, wish.amount, True))
        return self._level(frame, Polarity(wish.wish, -wish.sign, wish.amount, True))

    def _level(self, frame: Frame, wish: Polarity) -> list[Token]:
        if wish.wish in ("forbid", "keep"):
            self._add(frame, "keep", "dynamics" if self._name(frame) == "dynamics" else "level")
            return []
        absolute = frame.quantities("lufs", "dbtp", "dbfs")
        if absolute:
            return self._levels(frame, wish, absolute)
        numbers = frame.quantities("db", "lu")
        if not numbers and frame.quantities("", "%"):
            self.question = f"{frame.text}: by how many dB?"
            return frame.quantities("", "%")
        given: Given = {}
        if numbers:
            value = numbers[0].middle
            given = {"gain_db": value if numbers[0].signed else wish.sign * abs(value)}
        self._add(frame, "level", "", wish.sign * wish.amount, given)
        return numbers

    def _levels(self, frame: Frame, wish: Polarity, numbers: list[Token]) -> list[Token]:
        """Levels to arrive at: loudness, ceiling, peak, RMS."""
        given, used = given_to("loudness", frame)
        for number in numbers:
            if any(number is token for token in used):
                continue
            given |= {"dbfs": {"peak_dbtp": number.middle}}.get(number.unit, {})
            used.append(number)
        self._measures(frame, given)
        return used

    def _measures(self, frame: Frame, given: Given) -> None:
        if "rms_dbfs" in given:
            self._add(
                frame, "staging", "", 1.0, {k: v for k, v in given.items() if k in ("rms_dbfs", "peak_dbtp")}
            )
        elif "peak_dbtp" in given:
            self._add(frame, "level", "", 1.0, {"peak_dbtp": given["peak_dbtp"]})
        if "target_lufs" in given:
            self._add(
                frame,
                "effect",
                "loudness",
                1.0,
                {k: given[k] for k in ("target_lufs", "ceiling_dbtp") if k in given},
            )
        elif "ceiling_dbtp" in given and "rms_dbfs" not in given:
            self._add(frame, "effect", "limiter", 1.0, {"ceiling_dbtp": given["ceiling_dbtp"]})

    def _hear_staging(self, frame: Frame, wish: Polarity) -> list[Token]:
        given, used = given_to("staging", frame)
        for token in frame.quantities("db", "dbfs", "dbtp", ""):
            if any(token is other for other in used):
                continue
            given["true_peak_dbtp" if token.unit == "dbtp" else "rms_dbfs"] = -abs(token.middle)
            used.append(token)
        self._add(
            frame, "staging", "", 1.0, {_STAGED.get(name, name): value for name, value in given.items()}
        )
        return used

    def _hear_target(self, frame: Frame, wish: Polarity) -> list[Token]:
        self._add(frame, "target", self._name(frame))
        absolute = frame.quantities("lufs", "dbtp")
        return self._levels(frame, wish, absolute) if absolute else []

    def _hear_chain(self, frame: Frame, wish: Polarity) -> list[Token]:
        self._add(frame, "chain", self._name(frame), wish.amount)
        return []

    def _hear_plugin(self, frame: Frame, wish: Polarity) -> list[Token]:
        name = self._name(frame)
        if wish.wish in ("remove", "forbid"):
            self._add(frame, "remove", f"plugin:{name}")
            return []
        plugin = next(item for item in self.context.plugins if item.name == name)
        given, used = plugin_parameters(plugin, frame.tokens)
        self._add(frame, "plugin", name, 1.0, given)
        return used

    def _hear_dynamics(self, frame: Frame, wish: Polarity) -> list[Token]:
        if wish.wish in ("keep", "forbid"):
            self._add(frame, "keep", "dynamics")
        elif wish.sign < 0:
            self._add(frame, "effect", "compressor", wish.amount)
        else:
            self.impossible.append(
                "More dynamics: compression cannot be undone; a slower, lighter compressor is what is possible."
            )
        return []

    def _hear_everything(self, frame: Frame, wish: Polarity) -> list[Token]:
        """ "cut everything below 80 Hz", "keep everything else"."""
        if frame.quantities("hz"):
            return self._bands(_without_subject(frame), wish)
        if wish.wish in ("keep", "forbid"):
            self._add(frame, "keep", "rest")
        elif wish.wish == "remove":
            self._add(frame, "remove", "*")
        return []

    def _hear_impossible(self, frame: Frame, wish: Polarity) -> list[Token]:
        if wish.wish not in ("forbid", "keep"):
            entry = self.context.lexicon.impossible[int(self._name(frame))]
            self.impossible.append(f"{frame.text}: {entry.sentence}")
            return list(frame.tokens)
        return []

    def _hear_mono(self, frame: Frame, wish: Polarity) -> list[Token]:
        if wish.wish == "do":
            self._add(frame, "effect", "stereo_width", 1.0, {"width": 0.0})
        return []

    def _hear_choice(self, frame: Frame, wish: Polarity) -> list[Token]:
        numbers = frame.quantities("lufs", "dbtp", "dbfs", "db", "")
        if not numbers:
            self.question = self.context.lexicon.choices[int(self._name(frame))].question
            return []
        if frame.quantities("lufs") or frame.has("parameter"):
            return self._levels(frame, wish, numbers)
        self._add(frame, "level", "", 1.0, {"peak_dbtp": -abs(numbers[0].middle)})
        return numbers[:1]

    def _hear_again(self, frame: Frame, wish: Polarity) -> list[Token]:
        self._add(frame, "again", "", _MORE_AGAIN if wish.sign > 0 else _BACK)
        return []

    def _hear_back(self, frame: Frame, wish: Polarity) -> list[Token]:
        self._add(frame, "again", "", _BACK)
        return []

    # -- a frame without a subject -------------------------------------------------------------------------------

    def _hear_nothing(self, frame: Frame, wish: Polarity) -> list[Token]:
        """Numbers alone: they belong to the wish before, or their units say what they are."""
        if frame.quantities("hz"):
            return self._bands(frame, wish)
        continued = self._continue(frame)
        if continued:
            return continued
        named = next(
            (t.subject for t in frame.tokens if t.role in ("parameter", "setting") and t.subject in OWNER),
            None,
        )
        if frame.quantities("lufs", "dbtp", "dbfs") or (
            named in ("target_lufs", "ceiling_dbtp") or self._measured(frame)
        ):
            return self._levels(frame, wish, frame.quantities("lufs", "dbtp", "dbfs"))
        if named or frame.quantities(":1"):
            return self._effect_by_parameter(frame, OWNER.get(named or "", "compressor"))
        if frame.quantities("db", "lu") and (wish.said or frame.quantities("db", "lu")[0].signed):
            return self._level(frame, wish)
        return self._bare_number(frame) or self._more_of_it(frame, wish)

    def _bare_number(self, frame: Frame) -> list[Token]:
        """ "bring it to -14": a number without a unit that can only be a loudness; any other is asked about."""
        bare = [token for token in frame.quantities("") if token.signed]
        if len(bare) != 1 or any(token.role in ("unknown", "parameter") for token in frame.tokens):
            return []
        to = frame.has("at") or any(t.role == "filler" and t.text.endswith(" to") for t in frame.tokens)
        if to and -36 <= bare[0].value <= -6:
            self.warnings.append(f"{bare[0].text} is read as LUFS.")
            self._add(frame, "effect", "loudness", 1.0, {"target_lufs": bare[0].value})
        else:
            self.question = f"{bare[0].text}: dB louder, LUFS, or something else?"
        return bare

    @staticmethod
    def _measured(frame: Frame) -> bool:
        return any(
            t.role == "parameter" and t.subject in ("peak_dbtp", "rms_dbfs") for t in frame.tokens
        ) and any(t.role == "quantity" for t in frame.tokens)

    def _continue(self, frame: Frame) -> list[Token]:
        """Parameters for the effect or plugin that was spoken of last: "..., threshold -18, attack 10 ms"."""
        last = self.intents[-1] if self.intents else None
        if last is None or last.operation not in ("effect", "plugin", "band", "staging"):
            return []
        if last.operation == "staging":
            given, used = given_to("staging", frame)
            given = {_STAGED[name]: value for name, value in given.items() if name in _STAGED}
            if not given:
                return []
        elif last.operation == "plugin":
            plugin = next(item for item in self.context.plugins if item.name == last.subject)
            given, used = plugin_parameters(plugin, frame.tokens)
        elif last.operation == "band":
            given, used = self._band_detail(frame)
        else:
            given, used = given_to(last.subject, frame)
            known = {*BY_NAME[last.subject].model_fields, "reduction_db"}
            unfit = frame.quantities("lufs") and last.subject != "loudness"
            if not set(given) <= known or unfit:
                return []
        if last.operation == "effect" and set(given) & set(last.given):
            return []  # said already: "-14 LUFS or -16 LUFS" are two wishes
        if given:
            self.intents[-1] = last.model_copy(update={"given": last.given | given})
        return used

    @staticmethod
    def _band_detail(frame: Frame) -> tuple[Given, list[Token]]:
        q = next((t for t in frame.tokens if t.role == "parameter" and t.subject == "q"), None)
        number = next((t for t in frame.tokens if t.role == "quantity" and not t.unit), None)
        slope = frame.quantities("db_oct")
        if q is not None and number is not None:
            return {"q": number.middle}, [number]
        if slope:
            return {"slope_db_per_octave": abs(slope[0].middle)}, slope
        return {}, []

    def _effect_by_parameter(self, frame: Frame, effect: str) -> list[Token]:
        given, used = given_to(effect, frame)
        if given:
            self._add(frame, "effect", effect, 1.0, given)
        return used

    def _more_of_it(self, frame: Frame, wish: Polarity) -> list[Token]:
        """ "a bit more", "more": of what came before. Unknown names after "use" or "through" meet the plugins."""
        if all(token.role in _BARE for token in frame.tokens):
            if wish.said and frame.wheres and frame.has("more", "less"):
                return self._level(frame, wish)  # "more vocals" of stems is a matter of level
            if frame.has("too") and not frame.has("not"):
                self.complaint = frame
            if wish.said and frame.has("more", "less") and (self.context.previous or self.intents):
                step = _MORE_AGAIN if wish.sign > 0 else _BACK
                self._add(frame, "again", "", 1 + (step - 1) * min(1.0, wish.amount))
            return []
        self._unknown_plugin(frame)
        return []

    def _unknown_plugin(self, frame: Frame) -> None:
        if not frame.has("use"):
            return
        name = " ".join(token.text for token in frame.tokens if token.role == "unknown")
        if name:
            known = nearest(name, [plugin.name for plugin in self.context.plugins])
            hint = f"; the nearest is {known}" if known else "; `dawbridge plugins list` shows what there is"
            self.impossible.append(f"{frame.text}: no plugin is called {name!r}{hint}.")


def _without_subject(frame: Frame) -> Frame:
    """The frame as numbers alone: "less harshness around 4 kHz" is a cut at 4 kHz."""
    return Frame(None, frame.tokens, frame.opener, frame.text, frame.confidence, frame.wheres)


def _span(frame: Frame) -> tuple[Span | None, list[Token]]:
    """ "from 1:05 to 1:20": two times in the frame."""
    times = frame.quantities("time")
    if len(times) >= 2 and times[1].value > times[0].value:
        return Span(start_s=times[0].value, end_s=times[1].value), times[:2]
    return None, []
