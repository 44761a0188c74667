"""Flows of data in one sentence: who receives what, by the verbs of taking and of handing over."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct, field

from noticeparse.lexicon.load import fold
from noticeparse.pattern import Pattern
from noticeparse.prose import patterns
from noticeparse.prose.data import data_end, trim_lead
from noticeparse.prose.recipients import Recipient, RecipientReader, Topic
from noticeparse.prose.sentences import clause_start, closed_brackets
from noticeparse.prose.words import ProseWords
from noticeparse.records import Span

_BRACKET_REGEX = Pattern(r"[()]")


class Flow(Struct):
    """One statement that data go to recipients.

    Attributes:
        recipients: Who receives; empty where the sentence leaves it to its entry.
        data: Runs of the flat text that name the data.
        end: Behind the data and the recipient: where a purpose may follow.
        start: Where its clause begins.
        method: How, where the sentence says so (通过SDK).
        purpose: A purpose that the pattern itself holds.
        given: Whether a verb of handing over states it.
    """

    recipients: list[Recipient]
    data: list[Span]
    start: int
    end: int
    method: Span | None = None
    purpose: Span | None = None
    given: bool = False


class _State(Struct):
    """What the words of a sentence have said up to a place.

    Attributes:
        flows: Found so far.
        pending: Data that have been named without a recipient.
        spoken: Behind what has been read.
        idle: Where the last verb of handing over stands that said nothing, and how many such there are in its clause and
            in the sentence.
    """

    flows: list[Flow] = field(default_factory=list)
    pending: list[Span] = field(default_factory=list)
    spoken: int = 0
    idle: tuple[int, int, int] = (-1, 0, 0)

    def is_tiring(self, opening: int) -> bool:
        """Whether very many verbs have said nothing, in the clause that begins here or before: no real sentence is so."""
        last, here, all_of_them = self.idle
        return all_of_them >= patterns.MAX_IDLE_IN_ALL or (last >= opening and here >= patterns.MAX_IDLE)

    def says_nothing(self, opening: int, at: int) -> None:
        """Note a verb of the clause that begins at the first place."""
        last, here, all_of_them = self.idle
        self.idle = (at, here + 1 if last >= opening else 1, all_of_them + 1)


class FlowFinder:
    """Finds the flows of a sentence."""

    def __init__(self, reader: RecipientReader, words: ProseWords) -> None:
        """Take over what reads recipients.

        Args:
            reader: Of the same stretch.
            words: Vocabulary.
        """
        self.reader = reader
        self.flat = reader.flat
        self.words = words

    def find(self, start: int, end: int, topic: Topic, *, lenient: bool = False) -> list[Flow]:
        """The flows of a sentence in order.

        ``我们会向某某提供您的姓名``, ``将您的姓名提供给某某``, ``某某会收集您的IMEI``, ``由某某收集您的IMEI``.

        Args:
            start: Start of the sentence in the flat text.
            end: End of the sentence.
            topic: What earlier words have named; its recipients are what 他们 and 该SDK mean.
            lenient: In an SDK's entry, where data taken without a recipient, or by us, go to that SDK.
        """
        state = _State(spoken=start)
        hits = self._hits(start, end, lenient)
        outer = self._outer(start, end) if hits else []
        for match, handler in hits[: patterns.MAX_HITS]:
            if match.start() < state.spoken or not outer[match.start() - start]:
                continue
            handler(match, (start, end), topic, state, lenient)
        topic.mentioned.extend(entry for flow in state.flows for entry in flow.recipients)
        self._analysed((start, end), topic, state)
        if state.pending and not state.flows:
            topic.data = list(state.pending)
        return state.flows

    def _hits(self, start: int, end: int, lenient: bool) -> list[tuple[re.Match[str], Callable[..., None]]]:
        hits: list[tuple[int, int, re.Match[str], Callable[..., None]]] = []
        for match in self.words.give.finditer(self.flat, start, end):
            hits.append((match.start(), 0, match, self._give))
        for match in self.words.get.finditer(self.flat, start, end):
            hits.append((match.start(), 1, match, self._get))
        for match in patterns.NEEDS_REGEX.finditer(self.flat, start, end) if lenient else ():
            hits.append((match.start(), 1, match, self._needs))
        for match in self.words.link.finditer(self.flat, start, end):
            hits.append((match.start(), 2, match, self._link))
        return [hit[2:] for hit in sorted(hits, key=lambda hit: hit[:2])]

    def _outer(self, start: int, end: int) -> list[bool]:
        """For each place whether it stands outside brackets."""
        closing = closed_brackets(self.flat)
        depth = 0
        found: list[bool] = []
        for match in _BRACKET_REGEX.finditer(self.flat, start, end):
            place = match.start()
            found.extend([depth == 0] * (place - start - len(found)))
            if match.group() == ")":
                found.append(depth == 0)
                depth = max(0, depth - 1)
            elif place in closing:
                depth += 1
        found.extend([depth == 0] * (end - start - len(found)))
        return found

    # Verbs of taking

    def _get(self, match: re.Match[str], sentence: Span, topic: Topic, state: _State, lenient: bool) -> None:
        flat = self.flat
        if flat[match.start() - 1 : match.start()] == "的" and match.start() > sentence[0]:
            return  # 信息的收集
        if patterns.FORMED_REGEX.match(flat, match.end(), sentence[1]):
            return
        opening = clause_start(self.flat, match.start(), max(sentence[0], state.spoken))
        before = flat[opening : match.start()]
        if (
            patterns.NEGATED_REGEX.search(before)
            or patterns.NEVER_REGEX.search(before)
            or patterns.DEMAND_REGEX.search(before)
        ):
            return
        if patterns.FROM_REGEX.search(before) or patterns.ABOUT_REGEX.search(before):
            return  # 我们将通过第三方获取, 我们会对第三方获取信息的接口进行检测
        if self._passive(match, sentence, opening, topic, state):
            return
        data = self._data_of(match, sentence[1], before)
        if data is None:
            return
        subject = self._subject(before)
        recipients = self._takers(opening, subject, before, topic, state, sentence)
        if recipients is None:
            if not lenient:
                state.pending = [data]
                state.spoken = data[1]
                return
            recipients = []
        method = self._method(opening, match.start())
        state.flows.append(Flow(recipients, [data], opening, data[1], method))
        state.spoken = data[1]

    def _passive(self, match: re.Match[str], sentence: Span, opening: int, topic: Topic, state: _State) -> bool:
        """``您的人脸信息会被某某公司收集``, ``人脸信息由某某公司采集``: the data stand before the verb."""
        if (
            self.flat[match.end() : match.end() + 1] not in ("", ",", "。", ";", "和", "、", "用", "并")
            and match.end() < sentence[1]
        ):
            return False
        passive = patterns.PASSIVE_REGEX.fullmatch(self.flat, opening, match.start())
        if passive is None:
            return False
        data = passive.span("d")
        if self.reader.is_self(passive.group("d")):
            return False
        found = self.reader.read(*passive.span("r"), topic)
        if not found:
            return False
        state.flows.append(Flow(found, [data], opening, match.end(), self._method(opening, match.start())))
        state.spoken = match.end()
        return True

    def _data_of(self, match: re.Match[str], limit: int, before: str) -> Span | None:
        """The data behind a verb of taking, or ``None`` where the verb has none."""
        flat, verb = self.flat, match.group("verb")
        at = match.end()
        nominal = patterns.NOMINAL_REGEX.match(flat, at, limit)
        if nominal is not None:
            noun = nominal.group("noun")
            named = nominal.group("bare") is None or bool(noun)
            if (
                named
                and patterns.CATCH_REGEX.fullmatch(noun)
                and (nominal.group("colon") or nominal.group("bare") or not self._is_term(noun))
            ):
                return nominal.end(), data_end(flat, nominal.end(), limit, self.words)
            if flat[at : at + 1] == "的" and "的" not in noun:
                return nominal.end(), data_end(flat, nominal.end(), limit, self.words)
        if flat[at : at + 1] == "的" or (match.group().endswith("了") and verb in self.words.weak):
            return None
        if verb in self.words.weak and verb == match.group():
            owned = patterns.OWNED_REGEX.match(flat, at, limit)
            asked = patterns.ASKED_REGEX.search(before)
            known = self._begins_known(at, limit) if verb in ("查看", "查询", "知悉") else False
            if (
                not owned
                and not known
                and not (asked and verb not in ("使用", "提供", "处理", "共享", "传输", "上传", "调用"))
            ):
                return None
        if patterns.NO_DATA_REGEX.match(flat, at, limit) and verb in self.words.weak:
            return None
        stop = data_end(flat, at, limit, self.words)
        return (at, stop) if stop - at > 1 else None

    def _begins_known(self, start: int, limit: int) -> bool:
        """Whether what stands first behind a verb is a known name of data: ``查看社保信息``."""
        words = patterns.FIRST_WORDS_REGEX.match(self.flat, start, limit)
        return words is not None and self.words.lexicon.terms.get(fold(words.group())) is not None

    def _is_term(self, noun: str) -> bool:
        plain = noun.removeprefix("您的").removeprefix("用户的").removeprefix("的").strip()
        return bool(plain) and self.words.lexicon.terms.get(plain.casefold()) is not None and noun != plain

    def _subject(self, before: str) -> str:
        """The words before a verb without its modal words."""
        text = before[-160:] if len(before) > 160 else before
        for _ in range(8):
            match = patterns.MODAL_REGEX.search(text)
            if match is None or not match.group():
                break
            text = text[: match.start()]
        return text.strip()

    def _takers(
        self, opening: int, subject: str, before: str, topic: Topic, state: _State, sentence: Span
    ) -> list[Recipient] | None:
        """Who takes; ``None`` where it is the publisher or nobody who can be told."""
        flat = self.flat
        handed = patterns.HANDED_REGEX.match(before)
        if handed is not None:
            shift = opening + handed.start("r")
            taken = self._subject(handed.group("r"))
            found = self.reader.read(shift, shift + len(taken), topic)
            if found:
                return found
        if not subject:
            parted = self._parted(opening, sentence, topic)
            if parted:
                return parted
            return self._silent(opening, before, topic, state, sentence)
        start = flat.find(subject, opening)
        together = patterns.TOGETHER_REGEX.match(flat, start, start + len(subject))
        if together is not None:
            return self.reader.read(together.end(), start + len(subject), topic) or None
        if self.reader.is_self(subject) or patterns.USER_REGEX.fullmatch(subject) or patterns.WE_REGEX.match(subject):
            return self._by_means(opening, before, topic)
        found = self.reader.read(start, start + len(subject), topic)
        if not found and len(subject) < 80:
            tail = patterns.SUBJECT_END_REGEX.search(subject)
            if tail is not None:
                found = self.reader.read(start + tail.start("r"), start + len(subject), topic)
        return found or None

    def _parted(self, opening: int, sentence: Span, topic: Topic) -> list[Recipient]:
        """A subject that a comma parts from its verb: ``为我们提供支持的合作方,会收集…``."""
        if opening <= sentence[0] or self.flat[opening - 1] != ",":
            return []
        start = clause_start(self.flat, opening - 1, sentence[0])
        words = patterns.WHEN_REGEX.sub("", self.flat[start : opening - 1]).strip()
        if not 2 < len(words) <= 40 or not (
            self.reader.names.is_category(words) or self.reader.names.is_company(words)
        ):
            return []
        begin = self.flat.find(words, start)
        return self.reader.read(begin, begin + len(words), topic)

    def _by_means(self, opening: int, before: str, topic: Topic) -> list[Recipient] | None:
        """``我们通过某某SDK收集``: the SDK takes; ``我们通过调用系统接口收集`` is our own taking."""
        via = patterns.VIA_REGEX.search(before)
        if via is None or not patterns.BUILT_IN_REGEX.search(via.group("r")):
            return None
        start = opening + via.start("r")
        found = self.reader.read(start, start + len(via.group("r")), topic)
        return [entry for entry in found if entry.sdk or entry.provider] or None

    def _silent(self, opening: int, before: str, topic: Topic, state: _State, sentence: Span) -> list[Recipient] | None:
        """A verb without a subject: the recipient named last in the sentence, or the SDK of the sentence before."""
        via = self._by_means(opening, before, topic)
        if via:
            return via
        if state.flows and state.flows[-1].recipients and not state.flows[-1].given:
            return list(state.flows[-1].recipients)
        if topic.sdk_named and topic.recipients:
            return list(topic.recipients)
        return None

    def _method(self, start: int, end: int) -> Span | None:
        match = patterns.METHOD_REGEX.search(self.flat, start, end)
        return match.span("m") if match else None

    # Verbs of handing over

    def _give(self, match: re.Match[str], sentence: Span, topic: Topic, state: _State, lenient: bool) -> None:
        flat = self.flat
        floor = max(sentence[0], state.spoken)
        opening = clause_start(self.flat, match.start(), floor)
        before = flat[opening : match.start()]
        if (
            patterns.NEGATED_REGEX.search(before)
            or patterns.NEVER_REGEX.search(before)
            or patterns.AIM_REGEX.search(before)
            or patterns.USER_GIVES_REGEX.search(before)
        ):
            return
        if lenient and patterns.DEMAND_REGEX.search(before.strip()):
            self._demand(match, sentence, opening, state)
            return
        if patterns.NOUN_REGEX.match(flat, match.end(), sentence[1]):
            return  # 分享SDK, 推送服务
        self._offered(match, sentence, before, topic)
        if patterns.DEMAND_REGEX.search(before.strip()):
            self._asked(match, sentence, opening, topic, state)
            return
        again = self._again(match, before, sentence, topic, state)
        if again:
            return
        flow = self._given_to(match, sentence, topic, state, floor, opening) or self._given_towards(
            match, sentence, topic, state, floor, opening
        )
        if flow is not None:
            flow.method = flow.method or self._method(opening, match.start())
            state.flows.append(flow)
            state.spoken = max(flow.end, match.end())
            state.pending = []
        else:
            state.says_nothing(opening, match.start())

    def _demand(self, match: re.Match[str], sentence: Span, opening: int, state: _State) -> None:
        """``我们需要您提供姓名``, in an SDK's entry."""
        stop = data_end(self.flat, match.end(), sentence[1], self.words)
        state.flows.append(Flow([], [(match.end(), stop)], opening, stop))
        state.spoken = stop

    def _asked(self, match: re.Match[str], sentence: Span, opening: int, topic: Topic, state: _State) -> None:
        """``某某机构需要您提供姓名``: who asks receives."""
        asks = patterns.ASKS_REGEX.match(self.flat[opening : match.start()])
        if asks is None:
            return
        found = self.reader.read(opening + asks.start("r"), opening + asks.end("r"), topic)
        stop = data_end(self.flat, match.end(), sentence[1], self.words)
        if found and stop - match.end() > 1:
            state.flows.append(Flow(found, [(match.end(), stop)], opening, stop))
            state.spoken = stop

    def _offered(self, match: re.Match[str], sentence: Span, before: str, topic: Topic) -> None:
        """``您可以提供姓名、地址``: what the user gives us, for a later 上述信息."""
        if patterns.OFFERS_REGEX.search(before.strip()):
            stop = data_end(self.flat, match.end(), sentence[1], self.words)
            if stop - match.end() > 1:
                topic.data = [(match.end(), stop)]

    def _again(self, match: re.Match[str], before: str, sentence: Span, topic: Topic, state: _State) -> bool:
        """A second recipient of the same data: ``提供给某某,或者提供给某某``."""
        to = patterns.TO_REGEX.match(self.flat, match.end(), sentence[1])
        if to is None or not state.flows or not state.flows[-1].given or not patterns.AGAIN_REGEX.fullmatch(before):
            return False
        stop = self._recipient_end(to.end(), sentence[1])
        found = self.reader.read(to.end(), stop, topic)
        if not found:
            return False
        last = state.flows[-1]
        last.recipients.extend(entry for entry in found if entry not in last.recipients)
        last.end = max(last.end, stop)
        state.spoken = last.end
        return True

    def _recipient_end(self, start: int, limit: int) -> int:
        closing = closed_brackets(self.flat)
        limit = min(limit, start + patterns.MAX_RECIPIENT)
        at = start
        while True:
            match = patterns.RECIPIENT_END_REGEX.search(self.flat, at, limit)
            if match is None:
                return limit
            opened = self.flat.find("(", start, match.start())
            depth = self.flat.count("(", start, match.start()) - self.flat.count(")", start, match.start())
            if depth <= 0 or opened not in closing:
                return match.start()
            at = match.end()

    def _given_to(
        self, match: re.Match[str], sentence: Span, topic: Topic, state: _State, floor: int, opening: int
    ) -> Flow | None:
        """The recipient behind the verb: ``将D提供给R``, ``提供您的D给R``, ``D会同步至R``."""
        flat = self.flat
        to = patterns.TO_REGEX.match(flat, match.end(), sentence[1])
        data: Span | None = None
        if to is None:
            to = patterns.GIVEN_TO_REGEX.match(flat, match.end(), sentence[1])
            if to is None:
                return None
            data = to.span("data")
            if self.words.give.search(self.flat, *data) or patterns.TO_OTHERS_REGEX.search(to.group("data")):
                return None
        stop = self._recipient_end(to.end(), sentence[1])
        if stop - to.end() > patterns.MAX_NEAR and state.is_tiring(opening):
            return None
        found = self.reader.read(to.end(), stop, topic)
        if not found:
            return None
        nominal = patterns.GIVEN_WHAT_REGEX.match(flat, stop, sentence[1])
        if nominal is not None:
            data = (nominal.end(), data_end(flat, nominal.end(), sentence[1], self.words))
            return Flow(found, [data], opening, data[1], given=True)
        runs = [data] if data else self._data_before(match.start(), floor, opening, state)
        return Flow(found, self._meant(runs, topic), opening, stop, given=True) if runs else None

    def _given_towards(
        self, match: re.Match[str], sentence: Span, topic: Topic, state: _State, floor: int, opening: int
    ) -> Flow | None:
        """The recipient before the verb: ``向R提供D``, ``将D与R共享``, ``与R共享的信息包括D``."""
        flat = self.flat
        before = self._unmodal(opening, match.start())
        towards = None
        places = list(patterns.PREPOSITION_REGEX.finditer(flat[opening:before]))
        for found in places[-1 if state.is_tiring(opening) else -patterns.MAX_PREPOSITIONS :]:
            candidate = patterns.TOWARDS_REGEX.match(flat[opening + found.start() : before])
            if candidate is None:
                continue
            start = opening + found.start() + candidate.start("r")
            recipients = self.reader.read(start, before, topic)
            if recipients:
                towards = (opening + found.start(), recipients)
                break
        if towards is None:
            return None
        place, recipients = towards
        if patterns.USER_FIRST_REGEX.match(flat[opening:place]):
            return None  # 您向第三方提供
        if patterns.USER_REGEX.search(flat[opening:place].strip()) and not patterns.NOT_USER_REGEX.search(
            flat[opening:place]
        ):
            return None
        runs = self._data_taken(place, floor)
        if runs:
            return Flow(recipients, self._meant(runs, topic), opening, match.end(), given=True)
        at = match.end()
        nominal = patterns.GIVEN_WHAT_REGEX.match(flat, at, sentence[1])
        if nominal is not None:
            at = nominal.end()
        elif flat[at : at + 1] == "的":
            return None
        listed = patterns.NOMINAL_REGEX.match(flat, at, sentence[1])
        if (
            listed is not None
            and patterns.CATCH_REGEX.fullmatch(listed.group("noun"))
            and not self._is_term(listed.group("noun"))
        ):
            at = listed.end()
        stop = data_end(flat, at, sentence[1], self.words)
        if stop - at < 2:
            runs = list(state.pending) or self._used(opening, place)
            if not runs:
                topic.mentioned.extend(recipients)
                return None
            return Flow(recipients, runs, opening, match.end(), given=True)
        if patterns.CATCH_REGEX.fullmatch(flat, at, stop):
            topic.mentioned.extend(recipients)  # 与广告主共享信息: what follows says which
        return Flow(recipients, self._meant([(at, stop)], topic), opening, stop, given=True)

    def _used(self, opening: int, place: int) -> list[Span]:
        """``我们会使用D与R共享``: the data that are used for it."""
        match = patterns.USED_REGEX.search(self.flat[opening:place])
        return [(opening + match.start("d"), place)] if match else []

    def _unmodal(self, opening: int, at: int) -> int:
        text = self.flat[opening:at]
        for _ in range(6):
            match = patterns.ADVERB_REGEX.search(text)
            if match is None:
                break
            text = text[: match.start()]
        return opening + len(text)

    def _data_taken(self, at: int, floor: int) -> list[Span]:
        """The data between 将 or 把 and a place."""
        match = None
        floor = max(floor, at - patterns.MAX_DATA_BEFORE)
        text = self.flat[floor:at]
        for found in patterns.TAKES_REGEX.finditer(text):
            candidate = patterns.TAKEN_REGEX.match(text[found.start() :])
            if candidate is not None and patterns.NEVER_REGEX.search(
                text[max(0, found.start() - 3) : found.start() + 1]
            ):
                return []
            if candidate is not None:
                match = (floor + found.start() + candidate.start("d"), at)
                break
        if match is None:
            return []
        start, stop = match
        ending = data_end(self.flat, start, stop, self.words)
        start = trim_lead(self.flat, (start, ending))[0]
        data = self.flat[start:ending]
        closed = max(data.rfind("。"), data.rfind(";")) + 1  # what comes after the data ends where a sentence does
        cut = patterns.AFTER_DATA_REGEX.search(data, closed) or self.words.treated.search(data)
        if cut is not None and cut.start() > 1:
            ending = start + cut.start()
        return [(start, ending)] if ending - start > 1 else []

    def _meant(self, runs: list[Span], topic: Topic) -> list[Span]:
        """The data that 上述信息 and 这些信息 mean: those last said to be collected."""
        if topic.data and len(runs) == 1 and patterns.THOSE_DATA_REGEX.fullmatch(self.flat, *runs[0]):
            return list(topic.data)
        return runs

    def _data_before(self, at: int, floor: int, opening: int, state: _State) -> list[Span]:
        """The data that a verb of handing over has before it."""
        taken = self._data_taken(at, floor)
        if taken:
            return taken
        stop = self._unmodal(opening, at)
        words = self.flat[opening:stop].strip()
        if state.pending and len(words) < 16:
            return list(state.pending)
        if (
            not words
            or self.reader.is_self(words)
            or patterns.SELF_START_REGEX.search(words)
            or patterns.USER_REGEX.search(words)
        ):
            return list(state.pending)
        return [(opening, stop)]

    def _needs(self, match: re.Match[str], sentence: Span, topic: Topic, state: _State, lenient: bool) -> None:
        """``我们需要锁屏权限``, ``需要识别设备型号``, in an SDK's entry."""
        data = match.span("d") if match.group("d") else match.span("e")
        stop = data_end(self.flat, data[0], data[1], self.words)
        state.flows.append(Flow([], [(data[0], stop)], match.start(), stop))
        state.spoken = stop

    def _link(self, match: re.Match[str], sentence: Span, topic: Topic, state: _State, lenient: bool) -> None:
        """``将D与运营商接口进行对接认证``."""
        floor = max(sentence[0], state.spoken)
        data = self._data_taken(match.start(), floor)
        if not data:
            return
        found = self.reader.read(*match.span("r"), topic)
        if not found:
            return
        method = (match.start("r"), match.end("i")) if match.group("i") else None
        purpose = match.span("p")
        if self.flat.startswith("进行", purpose[0]):
            purpose = (purpose[0] + 2, purpose[1])
        state.flows.append(Flow(found, data, data[0][0], match.end(), method, purpose, given=True))
        state.spoken = match.end()

    def _analysed(self, sentence: Span, topic: Topic, state: _State) -> None:
        """``合作方某某需要对您的面部特征进行分析``."""
        match = patterns.ANALYSED_REGEX.search(self.flat, *sentence)
        if match is None or any(flow.start <= match.start() < flow.end for flow in state.flows):
            return
        opening = clause_start(self.flat, match.start(), sentence[0])
        before = self.flat[opening : match.start()]
        subject = self._subject(before)
        if not subject or self.reader.is_self(subject) or patterns.NEGATED_REGEX.search(before):
            return
        start = self.flat.find(subject, opening)
        found = self.reader.read(start, start + len(subject), topic)
        if found:
            state.flows.append(Flow(found, [match.span("d")], opening, match.end()))
