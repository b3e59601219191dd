"""A review in the words of whoever runs the factory, in Korean and English."""

from collections.abc import Iterator

from data_contracts.contract import Label
from federated.agreement import Agreement
from federated.member.decision_text import SHOWN_DIGITS, STANDINGS, decided_text, moment_text
from federated.member.review import TRAIN, Leaving, Review
from federated.member.review_changes import change_text
from federated.member.review_words import (
    QUESTIONS,
    RISKS_ALWAYS,
    RISKS_OF,
    TREE,
    TREE_RISK,
    short_names,
    size_text,
)
from federated.plain import plain_text


def review_text(review: Review, language: str, *, where: str = "") -> str:
    """Say what is asked, what would leave, what that could reveal, what changed, and what to type next.

    Args:
        review: The facts.
        language: ``ko`` or ``en``.
        where: How the member's folder was named on the command line, to be repeated in the commands.
    """
    parts = [
        *_head(review, language),
        *_asked(review, language),
        *_leaves(review, language),
        *_reveals(review, language),
        *_changed(review, language),
        *_next(review, language, where),
    ]
    return "\n".join(parts)


def _head(review: Review, language: str) -> Iterator[str]:
    state = STANDINGS[review.standing].text(language)
    yield f"{Label('협약', 'Agreement').text(language)} {review.stored.sha256[:SHOWN_DIGITS]}: {state}"
    if review.expired:
        yield Label(
            "기한이 지나 아무 효력이 없습니다. 조합에 새 협약을 요청하십시오.",
            "It is past its end and binds nobody. Ask the association for a new one.",
        ).text(language)
    if review.stored.decision is not None:
        yield decided_text(review.stored.decision, review.standing, language)


def _asked(review: Review, language: str) -> Iterator[str]:
    one, minimums = review.agreement, review.minimums
    purpose = Label(plain_text(one.purpose_ko), plain_text(one.purpose_en)).text(language)
    yield ""
    yield Label("■ 조합이 부탁하는 일", "■ What is asked").text(language)
    rows = (
        (Label("목적", "Purpose"), Label(purpose, purpose)),
        (
            Label("부탁하는 곳", "Who asks"),
            Label(
                f"연합 {one.federation} (가입할 때 받은 조합의 키로 서명을 확인했습니다)",
                f"federation {one.federation} (signed with the association's key that you received on joining)",
            ),
        ),
        (Label("데이터 계약", "Contract"), Label(one.contract, one.contract)),
        (Label("만들 모델", "Model"), Label(one.model, one.model)),
        (
            Label("학습", "Training"),
            _training(one),
        ),
        (
            Label("참여", "Taking part"),
            Label(
                f"조합의 말로는 공장 {one.minimum_members}곳 이상일 때만 (이 컴퓨터는 확인할 수 없습니다)",
                f"with at least {one.minimum_members} members, says the association; this computer cannot check it",
            ),
        ),
        (
            Label("최소 행 수", "Minimums"),
            Label(
                f"통계에서 {minimums.count}행보다 적은 묶음은 빠지고, 시험용 행이 {minimums.evaluation_rows}행보다 "
                "적으면 평가 결과가 나가지 않습니다",
                f"the statistics leave out groups of fewer than {minimums.count} rows; no evaluation leaves with "
                f"fewer than {minimums.evaluation_rows} hold-out rows",
            ),
        ),
        (
            Label("기한", "Until"),
            Label(
                f"{moment_text(one.expires)} (작성 {moment_text(one.issued)})",
                f"{moment_text(one.expires)} (made {moment_text(one.issued)})",
            ),
        ),
        (
            Label("프로그램", "Software"),
            Label(
                f"이 컴퓨터에 설치된 품앗이 {one.pumasi} ({one.bundle_sha256[:SHOWN_DIGITS]}); "
                "조합은 프로그램을 보낼 수 없습니다",
                f"the Pumasi {one.pumasi} installed here ({one.bundle_sha256[:SHOWN_DIGITS]}); the association cannot "
                "send any code",
            ),
        ),
    )
    for name, said in rows:
        yield f"  {name.text(language)}: {said.text(language)}"


def _training(one: Agreement) -> Label:
    if one.training is None:
        depth = one.trees.depth if one.trees else 0
        return Label(
            f"최대 {one.rounds}라운드, 라운드마다 이 공장 데이터로 결정 나무 한 그루(깊이 {depth}까지)",
            f"at most {one.rounds} rounds, in each one tree of depth {depth} grown on your training rows, here",
        )
    return Label(
        f"최대 {one.rounds}라운드, 라운드마다 이 공장 데이터로 {one.training.epochs}번 반복 학습",
        f"at most {one.rounds} rounds, in each {one.training.epochs} passes over your training rows, here",
    )


def _leaves(review: Review, language: str) -> Iterator[str]:
    yield ""
    yield Label("■ 공장 밖으로 나가는 것", "■ What would leave the building").text(language)
    for one in review.leaving:
        yield from _one_leaving(one, review, language)
    yield Label(
        f"  한 번의 실행에 모두 합해 최대 약 {size_text(review.total, language)}.",
        f"  In one run, all together: at most about {size_text(review.total, language)}.",
    ).text(language)
    yield Label(
        "  대답할 수 없을 때는 정해진 문장 하나만 나갑니다. 거절하면 적어 주신 이유도 함께 나갑니다.",
        "  When it cannot answer, one of a few fixed sentences leaves; when you refuse, so does the reason you write.",
    ).text(language)
    yield Label(
        "  나가지 않는 것: 데이터의 행, 파일, 부품·작업 번호. 위에 없는 항목은 이 컴퓨터가 내보내지 않습니다.",
        "  What does not leave: rows, files, part numbers. This computer sends no field that is not listed above.",
    ).text(language)


def _one_leaving(one: Leaving, review: Review, language: str) -> Iterator[str]:
    words = {**QUESTIONS, TRAIN: TREE} if review.agreement.trees else QUESTIONS
    title = words.get(one.question, Label(one.question, one.question)).text(language)
    yield f"  - {title.format(count=review.minimums.count)} ({_often(one, language)})"
    if one.parameters:
        yield Label(
            f"      학습한 모델: 숫자 최대 {one.parameters:,}개",
            f"      the trained model: at most {one.parameters:,} numbers",
        ).text(language)
    kinds = {(array.dtype, array.shape, array.size) for array in one.arrays}
    for dtype, shape, size in sorted(kinds, key=lambda kind: (kind[2], kind)):
        alike = [array.name for array in one.arrays if (array.dtype, array.shape, array.size) == (dtype, shape, size)]
        if size:
            yield f"      {', '.join(short_names(alike))}: {_table(dtype, shape, size, language)}"
    if one.scalars:
        names = ", ".join(short_names(scalar.name for scalar in one.scalars))
        yield Label(f"      값 하나씩: {names}", f"      single values: {names}").text(language)


def _often(one: Leaving, language: str) -> str:
    size = size_text(one.size, language)
    if one.times is None:
        said = Label(f"물을 때마다, 약 {size}", f"whenever it is asked, about {size}")
    elif one.times == 1:
        said = Label(f"한 번, 약 {size}", f"once, about {size}")
    else:
        said = Label(
            f"최대 {one.times}번, 한 번에 최대 약 {size}", f"at most {one.times} times, at most about {size} each"
        )
    return said.text(language)


def _table(dtype: str, shape: tuple[int, ...], size: int, language: str) -> str:
    numbers = " x ".join(map(str, shape))
    each = size_text(size, language)
    return Label(f"숫자 {numbers}개({dtype}), {each}씩", f"{numbers} numbers ({dtype}), {each} each").text(language)


def _reveals(review: Review, language: str) -> Iterator[str]:
    yield ""
    yield Label("■ 이것으로 알려질 수 있는 것", "■ What that could reveal").text(language)
    asked = {one.question for one in review.leaving}
    values = {"count": review.minimums.count, "evaluation_rows": review.minimums.evaluation_rows}
    grown = review.agreement.trees is not None
    risks = [TREE_RISK if grown and question == TRAIN else risk for question, risk in RISKS_OF if question in asked]
    for risk in (*risks, *RISKS_ALWAYS):
        yield "  - " + risk.text(language).format(**values)


def _changed(review: Review, language: str) -> Iterator[str]:
    yield ""
    yield Label("■ 지난번 승인과 달라진 점", "■ What changed since your last approval").text(language)
    if review.compared_with is None:
        yield Label(
            "  이 데이터 계약으로 승인한 협약이 아직 없습니다. 모두 새로운 내용입니다.",
            "  You have approved no other agreement for this contract: all of it is new.",
        ).text(language)
        return
    compared = review.compared_with[:SHOWN_DIGITS]
    yield Label(f"  비교한 협약: {compared}", f"  Compared with agreement {compared}").text(language)
    if not review.changes:
        yield Label("  달라진 점이 없습니다.", "  Nothing differs.").text(language)
    for change in review.changes:
        yield change_text(change, language)


def _next(review: Review, language: str, where: str) -> Iterator[str]:
    digits = review.stored.sha256[:SHOWN_DIGITS]
    yield ""
    yield Label("■ 다음에 입력할 명령", "■ What to type next").text(language)
    commands = [
        (f"approve {digits} --once{where}", Label("이번 실행 한 번만 승인", "approve one run")),
        (
            f"approve {digits} --always{where}",
            Label(
                "이 협약과 비슷한 협약을 거둘 때까지 계속 승인 (날짜·난수만 다르거나 라운드가 더 적은 경우)",
                "approve this and like ones until you withdraw it (other dates or random seed, or fewer rounds)",
            ),
        ),
    ]
    reason = Label("이유", "why").text(language)
    refusal = (
        f'refuse {digits} --reason "{reason}"{where}',
        Label(
            "거절하거나 승인을 거둠 (이유는 조합이 읽습니다)", "refuse or withdraw (the association reads the reason)"
        ),
    )
    for command, said in (refusal,) if review.expired else (*commands, refusal):
        yield f"  pumasi-member {command}"
        yield f"      {said.text(language)}"
