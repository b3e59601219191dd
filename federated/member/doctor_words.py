"""Every sentence of the doctor, Korean and English: what was found, and the way to mend it. No logic here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One finding's sentences; ``{...}`` stands for a name, a number or an address, never for a cell value.

    Attributes:
        ko: What was found, in Korean.
        en: The same in English.
        fix_ko: What to do, in Korean; empty where there is nothing to do.
        fix_en: The same in English.
    """

    ko: str
    en: str
    fix_ko: str = ""
    fix_en: str = ""


_JOIN_AGAIN_KO = "조합에 키트를 다시 받아 pumasi-member join KIT 명령을 실행하십시오."
_JOIN_AGAIN = "ask the association for your kit again, then run: pumasi-member join KIT"

WORDS = {
    "skipped": Words("살펴볼 수 없었습니다({why} 때문).", "could not be looked at, because of: {why}."),
    # keys
    "keys fine": Words("키가 있고 주인만 읽을 수 있습니다.", "the key is there, and only its owner can read it."),
    "keys missing": Words(
        "이 폴더({home})에 키가 없습니다.",
        "there is no key in {home}.",
        "pumasi-member init --member YOUR-ID 명령으로 만들거나, --home으로 맞는 폴더를 지정하십시오.",
        "make it with pumasi-member init --member YOUR-ID, or name the right folder with --home.",
    ),
    "keys damaged": Words(
        "키 파일 {path}이(가) 손상되었습니다.",
        "the key file {path} is damaged.",
        "백업에서 되살리거나, pumasi-member init --member {member} --replace-key 명령으로 만든 새 신청서를 보내십시오.",
        "restore it from a backup, or run pumasi-member init --member {member} --replace-key and send the request.",
    ),
    "keys open": Words(
        "다른 사용자가 {path}에 접근할 수 있습니다(권한 {mode}).",
        "other users of this machine can reach {path} (mode {mode}).",
        "chmod {right} {path}",
        "chmod {right} {path}",
    ),
    # kit
    "kit fine": Words(
        "{name}의 회원 {member}, 기한 {expires} ({days}일 남음).",
        "{member} in {name}, until {expires} ({days} days left).",
    ),
    "kit missing": Words(
        "아직 조합에 가입하지 않았습니다.",
        "this member has not joined yet.",
        "가입 신청서를 조합에 보내고, 받은 키트로 pumasi-member join KIT 명령을 실행하십시오.",
        "send the association your join request; when its kit comes, run: pumasi-member join KIT",
    ),
    "kit broken": Words("저장된 키트가 손상되었습니다.", "the stored kit is damaged.", _JOIN_AGAIN_KO, _JOIN_AGAIN),
    "kit other key": Words(
        "인증서가 이 컴퓨터의 키와 맞지 않습니다.",
        "the certificate is for another key than the one here.",
        "pumasi-member init --member {member} 명령으로 신청서를 다시 만들어 조합에 보내십시오.",
        "make a new request with pumasi-member init --member {member} and send it to the association.",
    ),
    "kit files": Words(
        "federation/{file}이(가) 없거나 키트와 다릅니다.",
        "federation/{file} is missing or not what the kit says.",
        "그 폴더의 kit.json으로 다음을 실행하십시오: pumasi-member join federation/kit.json",
        "run pumasi-member join with the kit.json in that folder.",
    ),
    "kit expired": Words(
        "회원 기한이 {expires}에 끝났습니다.",
        "the membership ended on {expires}.",
        "조합에 갱신을 요청하고(pumasi members renew {member}), 받은 키트로 pumasi-member join KIT 명령을 쓰십시오.",
        "ask the association to renew it (pumasi members renew {member}), then run: pumasi-member join KIT",
    ),
    "kit ends soon": Words(
        "회원 기한이 {days}일 남았습니다({expires}).",
        "the membership ends in {days} days ({expires}).",
        "조합에 갱신을 요청하십시오(pumasi members renew {member}).",
        "ask the association to renew it (pumasi members renew {member}).",
    ),
    # software
    "software fine": Words("품앗이 {version}, {digest}", "Pumasi {version}, {digest}"),
    "software other flower": Words(
        "Flower {found}이(가) 설치되어 있지만 {wanted}이(가) 필요합니다.",
        "Flower {found} is installed; this Pumasi needs {wanted}.",
        "pip install --force-reinstall pumasi 명령으로 다시 설치하십시오.",
        "install Pumasi again, so that it brings its own: pip install --force-reinstall pumasi",
    ),
    "software broken": Words(
        "설치된 품앗이를 읽을 수 없습니다.",
        "the installed Pumasi cannot be read.",
        "품앗이를 다시 설치하십시오.",
        "install Pumasi again.",
    ),
    # disk
    "disk fine": Words("여유 공간 {free} GB", "{free} GB free"),
    "disk low": Words(
        "여유 공간이 {free} GB뿐입니다.",
        "only {free} GB are free.",
        "{home}이(가) 있는 디스크를 정리하십시오({least} GB 이상).",
        "make room on the disk of {home}: at least {least} GB.",
    ),
    "disk closed": Words(
        "{home}에 쓸 수 없습니다({why}).",
        "nothing can be written to {home} ({why}).",
        "이 폴더에 쓸 권한을 주거나 디스크를 쓰기 가능으로 연결하십시오.",
        "give this user the right to write there, or mount the disk so that it can be written to.",
    ),
    # dataset and contract
    "contract fine": Words("{contract}, 키트와 같습니다.", "{contract}, the same as in the kit."),
    "contract other": Words(
        "데이터는 {held} 계약을 따르지만 키트의 계약은 다릅니다.",
        "your dataset follows {held}; the kit holds another contract.",
        "{profile}의 contract를 federation/contract.odcs.yaml로 고치고 데이터를 다시 추가하십시오.",
        "set contract: federation/contract.odcs.yaml in {profile}, then add your data again.",
    ),
    "contract unreadable": Words(
        "데이터 계약을 읽을 수 없습니다: {why}",
        "the data contract cannot be read: {why}",
        "{profile}의 contract를 federation/contract.odcs.yaml로 고치십시오.",
        "set contract: federation/contract.odcs.yaml in {profile}.",
    ),
    "dataset fine": Words(
        "{rows}행, 버전 {digest}, 계약을 지킵니다.", "{rows} rows, version {digest}, keeps the contract."
    ),
    "dataset missing": Words(
        "저장된 데이터가 없습니다.",
        "no dataset is saved here.",
        "pumasi-member data add 파일 --contract {contract}",
        "pumasi-member data add FILE --contract {contract}",
    ),
    "dataset broken": Words(
        "저장된 데이터를 읽을 수 없습니다: {why}",
        "the saved dataset cannot be read: {why}",
        "원본 파일을 다시 추가하십시오: pumasi-member data add 파일 --contract {contract}",
        "add your own file again: pumasi-member data add FILE --contract {contract}",
    ),
    "dataset secret": Words(
        "약속값을 만드는 비밀 파일을 쓸 수 없습니다: {why}",
        "the secret that commitments are made with cannot be used: {why}",
        "다른 사용자가 읽을 수 있다면 chmod 600 명령으로 막고, 손상되었다면 백업에서 되돌리십시오.",
        "where others can read it, take that right away with chmod 600; where it is damaged, restore it from a backup.",
    ),
    "dataset refused": Words(
        "저장된 데이터가 계약을 지키지 않습니다({codes}).",
        "the saved dataset does not keep the contract ({codes}).",
        "pumasi-member check 파일 --contract {contract} --lang ko 명령으로 고칠 곳을 보고 다시 추가하십시오.",
        "see what to correct with pumasi-member check FILE --contract {contract}, then add the file again.",
    ),
    # the way to the door
    "proxy none": Words("프록시 없이 바로 연결합니다.", "no proxy: connections go straight."),
    "proxy used": Words("프록시 {where}을(를) 거칩니다.", "connections go through {where}."),
    "proxy unusable": Words(
        "프록시 설정(HTTPS_PROXY)을 사용할 수 없습니다.",
        "the proxy setting HTTPS_PROXY cannot be used.",
        "HTTPS_PROXY를 http://프록시:포트 형식으로 쓰거나, 필요 없으면 NO_PROXY에 {host}을(를) 넣으십시오.",
        "write it as http://PROXY:PORT, or add {host} to NO_PROXY where no proxy is needed.",
    ),
    "proxy closed": Words(
        "프록시 {where}에 연결할 수 없습니다({why}).",
        "the proxy {where} cannot be reached ({why}).",
        "HTTPS_PROXY의 주소가 맞는지 전산 담당자에게 확인하십시오.",
        "ask your IT whether the address in HTTPS_PROXY is right.",
    ),
    "proxy refuses": Words(
        "프록시 {where}이(가) {target} 연결을 열어 주지 않습니다(응답 {status}).",
        "the proxy {where} does not let {target} through (answer {status}).",
        "전산 담당자에게 {target}(CONNECT) 허용을 요청하고, 로그인이 필요하면 HTTPS_PROXY에 넣으십시오.",
        "ask your IT to allow CONNECT to {target}; if the proxy wants a login, put it into HTTPS_PROXY.",
    ),
    "dns fine": Words("{host} = {address}", "{host} = {address}"),
    "dns unknown": Words(
        "{host}의 주소를 찾을 수 없습니다.",
        "the name {host} has no address here.",
        "인터넷 연결과 DNS 설정을 확인하고, 다른 이름은 찾을 수 있으면 조합에 주소를 확인하십시오.",
        "check this machine's network and DNS server; if other names work, ask the association for its address.",
    ),
    "port open": Words("TCP {port} 포트가 열려 있습니다.", "TCP port {port} is open."),
    "port closed": Words(
        "{host}:{port}에 연결할 수 없습니다({why}).",
        "{host}:{port} cannot be reached ({why}).",
        "회사 방화벽이 {host}의 TCP {port} 포트를 허용하는지, 그렇다면 조합의 서버가 켜져 있는지 확인하십시오.",
        "let your firewall pass connections to {host}, TCP port {port}; if it does, ask whether the server is up.",
    ),
    "tls fine": Words("조합의 서버가 맞습니다({version}).", "it is the association's server ({version})."),
    "tls expired": Words(
        "조합 서버의 인증서가 만료되었습니다.",
        "the association's server certificate has expired.",
        "먼저 이 컴퓨터의 시계를 확인하고, 맞으면 조합에 서버 인증서 갱신을 요청하십시오.",
        "check this machine's clock first; if it is right, tell the association to renew its server certificate.",
    ),
    "tls early": Words(
        "조합 서버의 인증서가 아직 유효하지 않습니다.",
        "the association's server certificate is not valid yet.",
        "이 컴퓨터의 시계가 늦는지 확인하십시오.",
        "check this machine's clock: it is probably slow.",
    ),
    "tls other name": Words(
        "상대의 인증서가 {host}의 것이 아닙니다.",
        "the certificate shown is not for {host}.",
        "조합에 주소를 확인하십시오. 조합은 그 주소로 서버 인증서를 다시 만들어야 합니다.",
        "ask the association for the right address, or to make its server certificate for this one.",
    ),
    "tls other authority": Words(
        "상대가 조합이 아닙니다: 다른 서버이거나, 회사 방화벽이 암호화를 가로채고 있습니다.",
        "whoever answers is not the association: another server, or a firewall that opens encrypted connections.",
        "전산 담당자에게 {host}:{port}의 TLS 검사 제외를 요청하고, 그래도 같으면 조합에 새 키트를 요청하십시오.",
        "ask your IT to exempt {host}:{port} from TLS inspection; if that is not it, ask for a new kit.",
    ),
    "tls broken off": Words(
        "상대가 암호화 연결을 끊었거나 TLS를 쓰지 않습니다.",
        "the other side broke the encrypted connection off, or speaks no TLS.",
        "조합에 주소와 포트를 확인하고, 맞다면 방화벽이나 프록시가 연결을 끊는지 전산 담당자에게 물어보십시오.",
        "compare address and port with the association; if they are right, ask your IT who cuts connections.",
    ),
    "certificate fine": Words("우리 인증서를 받아들입니다.", "your certificate is accepted."),
    "certificate unusable": Words(
        "우리 키와 인증서를 함께 쓸 수 없습니다.",
        "your key and your certificate cannot be used together.",
        "keys/node.key를 백업에서 되살리거나, pumasi-member init 명령으로 신청서를 다시 만들어 보내십시오.",
        "restore keys/node.key from a backup, or make a new request with pumasi-member init and send it.",
    ),
    "certificate refused": Words(
        "조합이 우리 인증서를 받아들이지 않습니다({why}).",
        "your certificate is not accepted ({why}).",
        "기한이 지났거나 다른 조합의 것입니다. " + _JOIN_AGAIN_KO,
        "it has expired, or another association made it: " + _JOIN_AGAIN,
    ),
    "association fine": Words("조합의 서버가 응답합니다.", "the association's server answers."),
    "association down": Words(
        "문은 열려 있지만 뒤의 서버가 응답하지 않습니다(HTTP {status}).",
        "the door is open, but the server behind it does not answer (HTTP {status}).",
        "우리 쪽 문제가 아닙니다. 조합에 알리십시오(조합: pumasi federation status).",
        "nothing to mend here: tell the association, which looks with: pumasi federation status.",
    ),
    "clock fine": Words("시계가 맞습니다.", "the clock agrees with the association's."),
    "clock ahead": Words(
        "이 컴퓨터의 시계가 조합보다 {seconds}초 빠릅니다(5초까지 허용).",
        "this clock is {seconds} seconds ahead of the association's (5 are tolerated).",
        "자동 시각 동기화를 켜십시오: timedatectl set-ntp true, Windows는 설정 > 시간 > 자동으로 시간 설정.",
        "switch automatic time on: timedatectl set-ntp true; on Windows: Settings > Time > Set automatically.",
    ),
    "clock behind": Words(
        "이 컴퓨터의 시계가 조합보다 {seconds}초 느립니다(300초까지 허용).",
        "this clock is {seconds} seconds behind the association's (300 are tolerated).",
        "자동 시각 동기화를 켜십시오: timedatectl set-ntp true, Windows는 설정 > 시간 > 자동으로 시간 설정.",
        "switch automatic time on: timedatectl set-ntp true; on Windows: Settings > Time > Set automatically.",
    ),
    "clock untold": Words("서버가 시각을 알려 주지 않았습니다.", "the server tells no time."),
}
