"""Checks receipts and whole logs of Gongxin.

Uses nothing that docs/formats/log.md does not say; sections named here are those of that page. Signatures
are checked by the package `cryptography`, all else is in this file.

    verify_log.py receipt FILE… --keys FILE
    verify_log.py fetch URL FOLDER
    verify_log.py audit FOLDER --keys FILE [--since CHECKPOINT] [--proof FILE]
    verify_log.py consistency OLD NEW PROOF --keys FILE

Of several receipts it says which are refused. Exit status: 0 it is good, 1 it is refused (and why, on standard error), 2 it could not be looked at.
"""

import argparse
import base64
import binascii
import datetime
import hashlib
import pathlib
import re
import struct
import sys
import unicodedata
import urllib.request
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256


class Refused(Exception):
    """What was looked at is not good."""


def require(holds, why):
    if not holds:
        raise Refused(why)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def node(left, right):
    return sha256(b"\x01", left, right)


# Spelling: each value has one.


def from_base64(text, length=None):
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Refused(f"{text!r} is not base64") from None
    require(base64.b64encode(value).decode() == text, f"{text!r} is another spelling of base64")
    require(length is None or len(value) == length, f"{text!r} is not {length} bytes")
    return value


def from_decimal(text, bits):
    require(re.fullmatch("0|[1-9][0-9]*", text, re.ASCII), f"{text!r} is not a number")
    require(int(text) < 1 << bits, f"{text!r} is too large")
    return int(text)


def lines_of(text):
    require(text == "" or text.endswith("\n"), "the last line does not end")
    return text.split("\n")[:-1]


# Section 2: keys.


class Key:
    def __init__(self, line):
        parts = line.split("+", 2)
        require(len(parts) == 3, f"{line!r} is not a key")
        self.name, key_id, key = parts
        check_name(self.name)
        typed = from_base64(key, 33)
        require(typed[:1] == b"\x01", "the key is not of Ed25519")
        self.id = sha256(self.name.encode(), b"\n", typed)[:4]
        require(key_id == self.id.hex(), f"the id of the key of {self.name} is another")
        self.public = Ed25519PublicKey.from_public_bytes(typed[1:])


def check_name(name):
    barred = (c.isspace() or unicodedata.category(c) == "Cc" or c == "+" for c in name)
    require(name and not any(barred), f"{name!r} is not a name")


# Section 3: checkpoints.


class Checkpoint:
    """A checkpoint that was opened with known keys."""

    def __init__(self, note, keys):
        text, found, signatures = note.rpartition("\n\n")
        require(found and signatures, "the note is not signed")
        text += "\n"

        seen, signers = set(), set()
        for line in lines_of(signatures):
            parts = line.split(" ")
            require(len(parts) == 3 and parts[0] == "\u2014", f"{line!r} is not a signature")
            name, signature = parts[1], from_base64(parts[2])
            check_name(name)
            require(len(signature) > 4, f"{line!r} has no signature")
            key_id, signature = signature[:4], signature[4:]
            require((name, key_id) not in seen, f"{name} has signed twice")
            seen.add((name, key_id))
            for key in keys:
                if (key.name, key.id) == (name, key_id):
                    try:
                        key.public.verify(signature, text.encode())
                    except InvalidSignature:
                        raise Refused(f"the signature of {name} is wrong") from None
                    signers.add(name)

        lines = lines_of(text)
        require(len(lines) == 3, "the text is not a checkpoint")
        self.log, self.size, self.root = lines[0], from_decimal(lines[1], 64), from_base64(lines[2], 32)
        check_name(self.log)
        require(self.log in signers, f"{self.log} has not signed with a known key")


# Section 4: the tree.


def split(start, end):
    """Where the tree over these leaves is cut."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def root_of(hashes):
    """MTH over leaf hashes."""
    if not hashes:
        return sha256()
    stack = []  # complete subtrees as (number of leaves, root), each smaller than the one before
    for leaf in hashes:
        leaves, root = 1, leaf
        while stack and stack[-1][0] == leaves:
            left = stack.pop()
            leaves, root = 2 * leaves, node(left[1], root)
        stack.append((leaves, root))
    root = stack.pop()[1]
    while stack:
        root = node(stack.pop()[1], root)
    return root


def tile_path(level, index, width):
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[place : place + 3] for place in range(0, len(digits), 3)]
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{path}" + ("" if width == WIDTH else f".p/{width}")


def tiles_of(size):
    """Level, index and width of each tile of a log."""
    level, hashes = 0, size
    while hashes:
        for index in range(hashes // WIDTH):
            yield level, index, WIDTH
        if hashes % WIDTH:
            yield level, hashes // WIDTH, hashes % WIDTH
        level, hashes = level + 1, hashes // WIDTH


def levels_of(size, read):
    """All hashes by level, each level held against the one below it."""
    levels = []
    for level, index, width in tiles_of(size):
        path = tile_path(level, index, width)
        tile = read(path)
        require(len(tile) == 32 * width, f"{path} has {len(tile)} bytes")
        hashes = [tile[place : place + 32] for place in range(0, len(tile), 32)]
        if level == len(levels):
            levels.append([])
        for number, found in enumerate(hashes, index * WIDTH):
            if level:
                below = levels[level - 1][number * WIDTH : (number + 1) * WIDTH]
                require(root_of(below) == found, f"{path} is not what stands below it")
        levels[level].extend(hashes)
    return levels


def prove_consistency(leaves, old, start, end, whole=True):
    if old == end:
        return [] if whole else [root_of(leaves[start:end])]
    cut = split(start, end)
    if old <= cut:
        return prove_consistency(leaves, old, start, cut, whole) + [root_of(leaves[cut:end])]
    return prove_consistency(leaves, old, cut, end, False) + [root_of(leaves[start:cut])]


def check_consistency(old, new, proof):
    """Walks down as the proof was made; what is left of it is taken on the way back."""
    require(old.log == new.log, "the checkpoints are of two logs")
    require(old.size <= new.size, f"the log was shrunk from {old.size} to {new.size} leaves")
    if old.size == new.size:
        require(old.root == new.root and not proof, "two roots for one size")
        return
    if old.size == 0:
        require(old.root == sha256() and not proof, "this is not the empty log")
        return
    rest = list(proof)

    def take():
        require(rest, "the proof is too short")
        return rest.pop(0)

    def walk(start, end, whole):
        if old.size == end:
            root = old.root if whole else take()
            return root, root
        cut = split(start, end)
        if old.size <= cut:
            old_root, new_root = walk(start, cut, whole)
            return old_root, node(new_root, take())
        old_root, new_root = walk(cut, end, False)
        left = take()
        return node(left, old_root), node(left, new_root)

    roots = walk(0, new.size, True)
    require(not rest, "the proof is too long")
    require(roots == (old.root, new.root), "the newer log does not begin with the older one")


# Section 5: the entry of a leaf.


def entry(fields):
    strings = [b"gongxin.leaf.v1"]
    for name, value in fields:
        strings += [name.encode(), value]
    return b"".join(struct.pack(">Q", len(string)) + string for string in strings)


# Section 6: receipts.

HEAD = ("log", "event", "type", "time", "version", "view-salt", "data-digest", "row-digest", "index")
MISLEADING = set("\u2028\u2029\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def microseconds(text):
    spelling = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
    require(re.fullmatch(spelling, text, re.ASCII), f"{text!r} is not a time")
    try:
        time = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    except ValueError:
        raise Refused(f"{text!r} is not a time") from None
    return (time.replace(tzinfo=datetime.timezone.utc) - EPOCH) // datetime.timedelta(microseconds=1)


def check_view(view):
    lines, keys = lines_of(view), set()
    require(lines, "the view is empty")
    for line in lines:
        key, found, value = line.partition(": ")
        require(found and re.fullmatch("[a-z0-9-]+", key, re.ASCII), f"{line!r} is not a line of a view")
        require(key not in keys, f"{key} is there twice")
        keys.add(key)
        misleads = any(unicodedata.category(c) == "Cc" or c in MISLEADING for c in value)
        require(not misleads, f"the value of {key} could mislead")


def check_receipt(text, keys):
    head, found_view, rest = text.partition("\n\nview\n")
    view, found_path, rest = rest.partition("\n\npath\n")
    # The path may have no line: then its title is followed by an empty line at once.
    path, found_checkpoint, note = ("\n" + rest).partition("\n\ncheckpoint\n")
    require(found_view and found_path and found_checkpoint, "a part is missing")
    view, path = view + "\n", (path + "\n")[1:]

    lines = head.split("\n")
    require(lines[0] == "gongxin-receipt/v1", "this is no receipt")
    pairs = [line.partition(": ")[::2] for line in lines[1:]]
    require(tuple(key for key, _ in pairs) == HEAD, "the lines of the head are others")
    said = dict(pairs)
    check_view(view)

    checkpoint = Checkpoint(note, keys)
    require(said["log"] == checkpoint.log, "the checkpoint is of another log")
    index = from_decimal(said["index"], 64)
    require(index < checkpoint.size, "the log does not reach so far")

    identifier = "[A-Za-z_][A-Za-z0-9_]*"
    is_type = re.fullmatch(rf"{identifier}(\.{identifier})*", said["type"], re.ASCII)
    require(is_type, f"{said['type']!r} is not a type")
    is_uuid = re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", said["event"], re.ASCII)
    require(is_uuid, f"{said['event']!r} is not a UUID")
    salt = from_base64(said["view-salt"], 32)
    leaf = entry([
        ("log", said["log"].encode()),
        ("event_id", uuid.UUID(said["event"]).bytes),
        ("type", said["type"].encode()),
        ("time", struct.pack(">q", microseconds(said["time"]))),
        ("version", struct.pack(">I", from_decimal(said["version"], 32))),
        ("view", sha256(salt, view.encode())),
        ("data", from_base64(said["data-digest"], 32)),
        ("row", from_base64(said["row-digest"], 32)),
    ])

    is_left = []  # whether the leaf is in the left part, from the outermost step inwards
    start, end = 0, checkpoint.size
    while end - start > 1:
        cut = split(start, end)
        is_left.append(index < cut)
        start, end = (start, cut) if index < cut else (cut, end)
    hashes = [from_base64(line, 32) for line in lines_of(path)]
    require(len(hashes) == len(is_left), "the path is too long or too short")
    root = sha256(b"\x00", leaf)
    for left, sibling in zip(reversed(is_left), hashes):
        root = node(root, sibling) if left else node(sibling, root)
    require(root == checkpoint.root, "what the receipt says is not in the log")
    return index, checkpoint


# The program.


def read_text(path):
    try:
        return pathlib.Path(path).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{path} is not UTF-8") from None


def fetch(url, folder):
    """All of a log as files, by the paths that they are published under."""

    def get(path):
        target = pathlib.Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(f"{url}/log/{path}", timeout=10) as answer:
            target.write_bytes(answer.read())

    get("checkpoint")
    # Only to know which tiles to ask for: whether it is right is found out by `audit`.
    size = from_decimal(read_text(pathlib.Path(folder, "checkpoint")).split("\n")[1], 64)
    tiles = [tile_path(*tile) for tile in tiles_of(size)]
    for path in tiles:
        get(path)
    return f"{size} leaves in {len(tiles)} tiles"


def audit(folder, keys, since, proof_file):
    """Opens the checkpoint, recomputes every level, and compares with an older checkpoint."""
    checkpoint = Checkpoint(read_text(pathlib.Path(folder, "checkpoint")), keys)
    levels = levels_of(checkpoint.size, lambda path: pathlib.Path(folder, path).read_bytes())
    leaves = levels[0] if levels else []
    require(root_of(leaves) == checkpoint.root, "the tiles do not give the signed root")
    said = f"{checkpoint.log}: {checkpoint.size} leaves on {len(levels)} levels"
    if since is None:
        return said

    old = Checkpoint(read_text(since), keys)
    require(old.log == checkpoint.log, "the checkpoints are of two logs")
    require(old.size <= checkpoint.size, f"the log was shrunk from {old.size} to {checkpoint.size} leaves")
    require(root_of(leaves[: old.size]) == old.root, "the log does not begin with the older one")
    is_longer = 0 < old.size < checkpoint.size
    proof = prove_consistency(leaves, old.size, 0, checkpoint.size) if is_longer else []
    check_consistency(old, checkpoint, proof)
    if proof_file:
        lines = (base64.b64encode(part).decode() + "\n" for part in proof)
        pathlib.Path(proof_file).write_text("".join(lines), encoding="ascii")
    return f"{said}, begins with the {old.size} of the older checkpoint"


def check_receipts(files, keys):
    good, refused = [], []
    for file in files:
        try:
            index, checkpoint = check_receipt(read_text(file), keys)
            good.append(f"leaf {index} of {checkpoint.size} of {checkpoint.log}")
        except Refused as why:
            refused.append(f"{file}: {why}")
    require(not refused, "\n".join(refused))
    return "\n".join(good)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    for name, files, options in [
        ("receipt", [], []),
        ("fetch", ["url", "folder"], []),
        ("audit", ["folder"], ["--since", "--proof"]),
        ("consistency", ["old", "new", "proof"], []),
    ]:
        command = commands.add_parser(name)
        for argument in files + options:
            command.add_argument(argument)
        if name == "receipt":
            command.add_argument("files", nargs="+")
        if name != "fetch":
            command.add_argument("--keys", required=True)
    said = parser.parse_args()

    if said.command == "fetch":
        return fetch(said.url, said.folder)
    keys = [Key(line) for line in lines_of(read_text(said.keys))]
    if said.command == "receipt":
        return check_receipts(said.files, keys)
    if said.command == "audit":
        return audit(said.folder, keys, said.since, said.proof)
    old, new = (Checkpoint(read_text(file), keys) for file in (said.old, said.new))
    check_consistency(old, new, [from_base64(line, 32) for line in lines_of(read_text(said.proof))])
    return f"{new.log} grew from {old.size} to {new.size} leaves and kept them"


if __name__ == "__main__":
    try:
        print("good:", main())
    except Refused as why:
        print("refused:", why, file=sys.stderr)
        sys.exit(1)
    except Exception as error:  # a traceback would end with 1, which means refused
        print(f"failed: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)
