"""Trust policies: what the text may say, and which checkpoints they let through."""

import itertools
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from registry.log.checkpoint import Checkpoint, sign_checkpoint
from registry.log.cosignature import CosignerKey, cosign, cosigner_line
from registry.log.note import NoteRefused, sign_note, verifier_line
from registry.log.policy import (
    Group,
    Policy,
    PolicyRefused,
    parse_policy,
    policy_of_log,
    policy_text,
)

ORIGIN = "log.example/hanoi"


def made_up_key(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


LOG_KEY = made_up_key(1)
LOG = verifier_line(ORIGIN, LOG_KEY.public_key())
KEYS = {name: made_up_key(10 + at) for at, name in enumerate(["X1", "X2", "X3", "Y1", "Y2", "Y3"])}
WITNESSES = {
    name: cosigner_line(f"witness.example/{name}", key.public_key()) for name, key in KEYS.items()
}
# The two-level example of the specification.
EXAMPLE = f"""
log {LOG}

witness X1 {WITNESSES["X1"]}
witness X2 {WITNESSES["X2"]}
witness X3 {WITNESSES["X3"]}
group X-witnesses 2 X1 X2 X3

witness Y1 {WITNESSES["Y1"]}
witness Y2 {WITNESSES["Y2"]}
witness Y3 {WITNESSES["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
ONE = f"log {LOG}\nwitness X1 {WITNESSES['X1']}\n"


def cosigned(*names: str, checkpoint: Checkpoint | None = None) -> str:
    note = (checkpoint or sign_checkpoint(ORIGIN, 2, b"\x01" * 32, LOG_KEY)).note
    lines = [cosign(note, f"witness.example/{name}", KEYS[name], 1_700_000_000) for name in names]
    return note + "".join(lines)


def test_the_specifications_example_wants_two_of_x_and_one_of_y() -> None:
    policy = parse_policy(EXAMPLE)
    for count in range(7):
        for names in itertools.combinations(KEYS, count):
            groups = [sum(name[0] == group for name in names) for group in "XY"]
            expected = groups[0] >= 2 and groups[1] >= 1
            assert policy.met_by(names) == expected
    assert policy.open_checkpoint(cosigned("X1", "X3", "Y2")).size == 2
    with pytest.raises(NoteRefused, match=r"X-and-Y, cosigned by X1, Y2, Y3"):
        policy.open_checkpoint(cosigned("X1", "Y2", "Y3"))
    with pytest.raises(NoteRefused, match="nobody"):
        policy.open_checkpoint(cosigned())
    assert policy.open_log_note(cosigned()).size == 2


def test_names_of_groups_and_of_strangers_are_no_witnesses() -> None:
    assert not parse_policy(EXAMPLE).met_by(["X-and-Y", "X-witnesses", "Y-witnesses", "Z"])


def test_a_line_may_carry_an_address_and_stand_where_it_likes() -> None:
    text = (
        f"# ours\n\t log\t{LOG}  https://log.example/log \n \t\n"
        f"witness né {WITNESSES['X1']} http://w.example/w1\n  # yours\nquorum né\n"
    )
    policy = parse_policy(text)
    assert [log.url for log in policy.logs] == ["https://log.example/log"]
    assert [(one.name, one.url) for one in policy.witnesses] == [("né", "http://w.example/w1")]
    assert policy.quorum == "né"
    assert parse_policy(policy_text(policy)) == policy


def test_a_policy_of_one_log_asks_for_no_witness() -> None:
    policy = policy_of_log(LOG + "\n")
    assert policy == parse_policy(f"log {LOG}\nquorum none\n")
    assert policy.open_checkpoint(cosigned()).size == 2
    assert policy.met_by([])
    with pytest.raises(NoteRefused, match="another log"):
        policy.open_checkpoint(sign_checkpoint("log.example/hue", 2, b"\x01" * 32, LOG_KEY).note)
    # The key signed it, but under a name that is not the origin.
    other_name = sign_note("log.example/hue\n2\n" + "A" * 43 + "=\n", ORIGIN, LOG_KEY)
    with pytest.raises(NoteRefused, match="another log"):
        policy.open_checkpoint(other_name)
    with pytest.raises(NoteRefused, match="no trusted key"):
        policy.open_checkpoint(sign_checkpoint(ORIGIN, 2, b"\x01" * 32, made_up_key(2)).note)


def test_a_log_may_have_two_keys_and_a_policy_several_logs() -> None:
    lines = [LOG, verifier_line(ORIGIN, made_up_key(2).public_key())]
    lines.append(verifier_line("log.example/hue", made_up_key(3).public_key()))
    policy = parse_policy("".join(f"log {line}\n" for line in lines) + "quorum none\n")
    for origin, number in ((ORIGIN, 1), (ORIGIN, 2), ("log.example/hue", 3)):
        note = sign_checkpoint(origin, 2, b"\x01" * 32, made_up_key(number)).note
        assert policy.open_checkpoint(note).origin == origin
    crossed = sign_checkpoint(ORIGIN, 2, b"\x01" * 32, made_up_key(3)).note
    with pytest.raises(NoteRefused):
        policy.open_checkpoint(crossed)


def test_a_false_cosignature_of_a_listed_witness_spoils_the_note() -> None:
    policy = replace(parse_policy(EXAMPLE), quorum="none")
    other = cosigned("X1", checkpoint=sign_checkpoint(ORIGIN, 3, b"\x02" * 32, LOG_KEY))
    transplanted = cosigned("X2") + other.splitlines(keepends=True)[-1]
    assert policy_of_log(LOG).open_checkpoint(transplanted).size == 2
    with pytest.raises(NoteRefused, match="does not hold"):
        policy.open_checkpoint(transplanted)


def test_one_key_name_may_belong_to_two_witnesses() -> None:
    """A witness that moves to ML-DSA keeps its name; the policy's own names tell them apart."""
    name = "witness.example/X1"
    keys: list[CosignerKey] = [KEYS["X1"].public_key(), MLDSA44PrivateKey.generate().public_key()]
    lines = [f"witness {at} {cosigner_line(name, key)}\n" for at, key in enumerate(keys)]
    policy = parse_policy(f"log {LOG}\n{''.join(lines)}group both all 0 1\nquorum both\n")
    assert policy.cosigned_by(cosigned("X1")) == {"0": 1_700_000_000}
    with pytest.raises(NoteRefused):
        policy.open_checkpoint(cosigned("X1"))


def test_what_is_not_ascii_is_opaque() -> None:
    """Not even UTF-8, nor spaces that are none in ASCII; and a Kelvin sign is no K."""
    for name in (b"caf\xe9", "x\u00a0".encode(), "\u2003".encode(), b"\xff", "\u212a".encode()):
        lines = [
            b"# \xfe",
            ONE.replace("witness X1", "witness @").encode().replace(b"@", name),
            b"quorum " + name,
        ]
        policy = parse_policy(b"\n".join([*lines, b""]))
        assert policy.quorum.encode("utf-8", "surrogateescape") == name
        assert parse_policy(policy_text(policy)) == policy
    with pytest.raises(PolicyRefused, match="is no witness"):
        parse_policy(ONE.replace("witness X1", "witness K") + "quorum \u212a\n")
    with pytest.raises(PolicyRefused):
        parse_policy(ONE.encode() + b"quorum \xff\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none",
        ONE,
        ONE + "quorum none\nquorum none\n",
        ONE + "quorum X2\n",
        f"quorum X1\n{ONE}",
        ONE + "quorum\n",
        ONE + "quorum X1 X1\n",
        ONE + "quorum none\r\n",
        ONE + "quorum none\n\x00",
        ONE + "quorum none # ours\n",
        ONE + "quorum\u00a0none\n",
        ONE + "quorum none\x7f\n",
        ONE + "quorum none\n\x0c\n",
        ONE + "Quorum none\n",
        ONE + f"log {LOG}\nquorum none\n",
        ONE + f"log {verifier_line('other.example', LOG_KEY.public_key())}\nquorum none\n",
        ONE + f"log {WITNESSES['X2']}\nquorum none\n",
        ONE + f"log {LOG[:-4]}\nquorum none\n",
        ONE + "log\nquorum none\n",
        ONE + f"witness X1 {WITNESSES['X2']}\nquorum none\n",
        ONE + f"witness X2 {WITNESSES['X1']}\nquorum none\n",
        ONE + f"witness X2 {cosigner_line('x', KEYS['X1'].public_key())}\nquorum none\n",
        ONE + f"witness none {WITNESSES['X2']}\nquorum none\n",
        ONE + f"witness X2 {LOG}\nquorum none\n",
        ONE + f"witness X2 {WITNESSES['X2']} http://a http://b\nquorum none\n",
        ONE + f"witness {WITNESSES['X2']}\nquorum none\n",
        ONE + "group g any\nquorum none\n",
        ONE + "group g any X2\nquorum none\n",
        ONE + "group g any X1 X1\nquorum none\n",
        ONE + "group g any g\nquorum none\n",
        ONE + "group g any none\nquorum none\n",
        ONE + "group none any X1\nquorum none\n",
        ONE + "group X1 any X1\nquorum none\n",
        ONE + "group g 0 X1\nquorum none\n",
        ONE + "group g 2 X1\nquorum none\n",
        ONE + "group g 01 X1\nquorum none\n",
        ONE + "group g -1 X1\nquorum none\n",
        ONE + "group g \u0661 X1\nquorum none\n",
        ONE + "group g most X1\nquorum none\n",
        ONE + "group g any X1\ngroup h any X1\nquorum none\n",
        ONE + "group g any X1\ngroup g any g\nquorum none\n",
        ONE + "friend X1\nquorum none\n",
        ONE.replace("log.example", "log.ex\ud800mple") + "quorum none\n",
        "\n" * 1_000_001,
    ],
)
def test_malformed_policies_are_refused(text: str) -> None:
    with pytest.raises(PolicyRefused):
        parse_policy(text)


def test_the_refused_line_is_named() -> None:
    with pytest.raises(PolicyRefused, match="line 4: 'X9' is no witness"):
        parse_policy(ONE + "\nquorum X9\n")


def test_a_chain_of_many_groups_is_no_trouble() -> None:
    groups = "".join(f"group g{at + 1} all g{at}\n" for at in range(3_000))
    policy = parse_policy(f"{ONE}group g0 any X1\n{groups}quorum g3000\n")
    assert policy.met_by(["X1"])
    assert not policy.met_by([])


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    base = parse_policy(EXAMPLE)
    witnesses = draw(st.lists(st.sampled_from(base.witnesses), unique_by=lambda one: one.name))
    free, groups = [one.name for one in witnesses], list[Group]()
    for _ in range(draw(st.integers(0, len(free)))):
        members = draw(st.sets(st.sampled_from(free), min_size=1))
        name = f"g{len(groups)}"
        groups.append(Group(name, draw(st.integers(1, len(members))), tuple(members)))
        free = [one for one in free if one not in members] + [name]
    names = ["none", *(one.name for one in witnesses), *(one.name for one in groups)]
    return Policy(base.logs, tuple(witnesses), tuple(groups), draw(st.sampled_from(names)))


@given(policies(), st.sets(st.sampled_from(sorted(KEYS))))
def test_what_is_written_is_read_and_more_witnesses_never_harm(
    policy: Policy, names: set[str]
) -> None:
    assert parse_policy(policy_text(policy)) == policy
    everybody = [one.name for one in policy.witnesses]
    assert policy.met_by(everybody)
    assert policy.met_by([]) == (policy.quorum == "none")
    if policy.met_by(names):
        assert policy.met_by(names | set(everybody[:1]))
