"""The words of a review that do not depend on the agreement: what a question means, what an answer could reveal."""

from collections.abc import Iterable

from data_contracts.contract import Label

QUESTIONS = {
    "query.roll_call": Label(
        "참가 확인: 조합원사 이름, 품앗이 버전, 데이터 계약, 자기 성적 공개에 동의했는지",
        "Roll call: your member id, your Pumasi version, your contract, whether your own figures may be shown",
    ),
    "query.check_contract": Label(
        "계약 검사: 통과 여부, 문제의 종류(건수는 제외), 데이터 버전의 봉인값(내용은 알 수 없음)",
        "Contract check: whether your data pass, kinds of problems (not how many), a seal of your dataset's version "
        "(nobody can read the data from it)",
    ),
    "query.statistics": Label(
        "통계: 열마다 합계와 건수, 64칸 분포. 시험용으로 남겨 둔 행은 빠집니다",
        "Statistics: per column sums, counts and a distribution in 64 steps; hold-out rows are left out",
    ),
    "train": Label(
        "학습: 이 공장 데이터로 학습한 모델과 행 수, 평균 오차",
        "Training: the model after training on your rows, the number of rows, mean errors",
    ),
    "query.calibrate": Label(
        "확률 보정: 검증용 행에서 잰 오차의 합계", "Calibration: sums of errors over your validation rows"
    ),
    "evaluate": Label(
        "평가: 시험용으로 남겨 둔 행에서 모델들이 얼마나 맞혔는지, 건수와 합계로만",
        "Evaluation: how well the models did on your hold-out rows, as counts and sums only",
    ),
    "query.take_home": Label(
        "모델 수령 확인: 받은 모델의 지문", "Receipt: the fingerprint of the model that you received"
    ),
}
"""Flower's message type -> what leaves in answer to it."""

TREE = Label(
    "학습: 이 공장 데이터로 만든 결정 나무 한 그루와 행 수, 평균 오차. 나무는 어느 열의 어느 경계를 물었는지와, "
    "갈래마다 {count}행 이상에서 낸 평균을 담습니다. {count}행보다 적은 불량 종류는 빠집니다",
    "Training: one decision tree grown on your rows, the number of rows, mean errors. It says which edge of which "
    "column it asks about, and per leaf a mean over at least {count} rows; classes of fewer than {count} rows are left "
    "out",
)
"""What leaves in answer to training where trees are grown; ``{count}`` is the minimum that counts."""

RISKS_OF = (
    (
        "train",
        Label(
            "라운드마다 나가는 모델에는 데이터의 흔적이 남습니다. 전문가는 모델 변경값을 보고 어떤 부품이 학습에 "
            "쓰였는지 맞히거나 일부 값을 되살려 낼 수도 있으며, 행이 적을수록 쉽습니다. 보안 합산이 꺼져 있어서 조합은 "
            "이 공장의 변경값을 따로 볼 수 있습니다.",
            "The model that leaves each round bears traces of your data. From an update an expert can sometimes tell "
            "whether a part was trained on, or rebuild some of its values; the fewer rows, the easier. Secure "
            "aggregation is off, so the association sees your own update, not only the sum of all members'.",
        ),
    ),
    (
        "query.statistics",
        Label(
            "통계를 보면 이 공장의 불량률과, 온도나 점도 같은 공정 조건을 보통 어디에 두는지 알 수 있습니다. "
            "{count}행보다 적은 묶음은 나가지 않습니다.",
            "From the statistics the association learns your share of defects and where you usually run your process. "
            "Groups of fewer than {count} rows do not leave.",
        ),
    ),
    (
        "evaluate",
        Label(
            "평가를 보면 시험용 행에 불량이 몇 건인지, 모델이 이 공장의 불량을 얼마나 맞히는지 알 수 있습니다. 점수 "
            "구간마다 건수가 나가므로 한 칸이 부품 하나일 수도 있지만, 어느 부품인지는 알 수 없습니다. 시험용 행이 "
            "{evaluation_rows}행보다 적거나 한 종류가 {count}행보다 적으면 나가지 않습니다.",
            "From the evaluation the association learns how many hold-out parts were defective and how predictable "
            "your defects are. It counts parts per range of scores, so a cell may stand for a single part, without "
            "saying which. It stays here when there are fewer than {evaluation_rows} hold-out rows, or fewer than "
            "{count} of a kind.",
        ),
    ),
)
"""Message type -> what its answer could reveal; ``{count}`` and ``{evaluation_rows}`` are the minimums that count."""

TREE_RISK = Label(
    "라운드마다 나가는 나무를 보면 이 공장에서 어떤 공정 조건이 어떤 불량과 함께 나타나는지, 갈래마다 몇 행이 어느 "
    "불량인지 알 수 있습니다. 나무는 합쳐지지 않고 모델에 그대로 들어가므로 조합뿐 아니라 다른 공장도 한 그루씩 볼 수 "
    "있고, 이름은 없어도 어느 공장의 것인지 짐작할 수 있습니다. 일부러 꾸민 모델을 보내는 사람은 평균 오차에서 한 행의 "
    "값을 알아낼 수도 있습니다.",
    "From the tree that leaves each round one learns which of your process conditions go with which defects, and how "
    "many rows of a leaf are of which class. Trees are not merged: they stand one by one in the model, so that not "
    "only the association but the other factories see them, without names, and may guess whose they are. Whoever sends "
    "a model made for the purpose may tell a single row from the mean errors.",
)
"""What trees could reveal, in place of what a network could."""

RISKS_ALWAYS = (
    Label(
        "이 컴퓨터는 나가는 값의 이름, 종류, 크기를 검사하지만, 허용된 표 안의 숫자가 무엇을 뜻하는지는 판단하지 "
        "못합니다. 그 숫자는 여기 설치된 품앗이가 만듭니다.",
        "This computer checks the names, types and shapes of what leaves; it cannot judge what the numbers inside a "
        "permitted array mean. They are made by the Pumasi that is installed here.",
    ),
    Label(
        "값에 잡음을 섞지 않습니다. 같은 부탁에 여러 번 답할수록 더 많이 알려집니다.",
        "No noise is added. Every further run that you answer tells a little more.",
    ),
    Label(
        "나간 것은 모두 이 컴퓨터의 기록에 남습니다: pumasi-member egress",
        "All that left is written down on this computer: pumasi-member egress",
    ),
)

CHANGED_FIELDS = {
    "pumasi": Label("품앗이 버전", "version of Pumasi"),
    "bundle_sha256": Label("프로그램 지문", "fingerprint of the software"),
    "federation": Label("연합", "federation"),
    "purpose_ko": Label("목적(한국어)", "purpose in Korean"),
    "purpose_en": Label("목적(영어)", "purpose in English"),
    "model": Label("모델 이름", "name of the model"),
    "contract": Label("데이터 계약", "contract"),
    "contract_sha256": Label("데이터 계약 파일의 지문", "fingerprint of the contract's file"),
    "seed": Label("난수의 시작값", "random seed"),
    "rounds": Label("라운드 수", "rounds"),
    "average_last": Label("마지막에 평균 내는 라운드 수", "last rounds that are averaged"),
    "bins": Label("숫자 열을 나누는 칸 수", "pieces per numeric column"),
    "network.width": Label("모델의 너비", "width of the model"),
    "network.blocks": Label("모델의 층 묶음 수", "blocks of the model"),
    "training.epochs": Label("라운드마다 반복 학습 횟수", "passes per round"),
    "training.batch_size": Label("한 번에 학습하는 행 수", "rows per step"),
    "training.learning_rate": Label("학습 속도", "learning rate"),
    "training.weight_decay": Label("가중치 감쇠", "weight decay"),
    "training.own_classes": Label("이 공장에 있는 분류로만 학습", "training on your own classes only"),
    "trees.depth": Label("나무의 깊이", "depth of a tree"),
    "trees.columns": Label("갈래마다 견주는 열의 비율", "share of the columns that a decision chooses among"),
    "trees.own_trees": Label("이 공장에만 남는 나무 수", "trees that stay with you"),
    "trees.own_step": Label("이 공장에 남는 나무의 학습 속도", "learning rate of trees that stay with you"),
    "minimums.count": Label("합계·건수의 최소 행 수", "fewest rows behind a count"),
    "minimums.evaluation_rows": Label("평가의 최소 행 수", "fewest rows of an evaluation"),
    "minimum_members": Label("최소 참여 공장 수", "fewest members"),
    "expires": Label("기한", "end"),
    "secure_aggregation": Label("보안 합산", "secure aggregation"),
    "noise": Label("잡음", "noise"),
}
"""Path of an agreement's field -> its name for people."""

_THOUSAND = 1000
_UNITS = (("kB", _THOUSAND), ("MB", _THOUSAND**2))


def size_text(size: int, language: str) -> str:
    """Return bytes in the unit that people know: 8 bytes (8바이트), 7.2 kB, 1.3 MB."""
    if size < _THOUSAND:
        return Label(f"{size}바이트", f"{size} bytes").text(language)
    unit, amount = next(
        ((unit, size / scale) for unit, scale in _UNITS if size < scale * _THOUSAND), ("GB", size / _THOUSAND**3)
    )
    return f"{amount:.1f} {unit}"


def short_names(names: Iterable[str]) -> list[str]:
    """Write paths that differ in their middle only as one: ``card.{mine,theirs}.loss`` for two of them."""
    middles: dict[tuple[str, str], list[str]] = {}
    for name in names:
        first, *middle = name.split(".")
        middles.setdefault((first, middle[-1] if middle else ""), []).append(".".join(middle[:-1]))
    return [_short_name(*ends, between) for ends, between in middles.items()]


def _short_name(first: str, last: str, between: list[str]) -> str:
    middle = between[0] if len(between) == 1 else f"{{{','.join(between)}}}"
    return ".".join(part for part in (first, middle, last) if part)
