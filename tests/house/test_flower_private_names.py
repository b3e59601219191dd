"""Flower's private names that we build on: each is listed here with the shape we rely on.

flwr moves fast and promises nothing about these. When this test fails after an upgrade, read what the failing name is
used for in ``federated/runtime/``, adapt that module, run ``make test`` and only then raise the pin in pyproject.toml.
"""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest
from flwr.app import Metadata

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "federated" / "runtime"
PACKAGES = ("data_contracts", "models", "federated", "flows")
PUBLIC = ("flwr.app", "flwr.clientapp", "flwr.serverapp", "flwr.serverapp.strategy")
"""Packages whose own names Flower documents; a module inside them is private all the same."""

WHAT_TO_DO = (
    "flwr is not the one that Pumasi was built on. Read what this name is for in federated/runtime/, adapt that "
    "module, run `make test`, and only then change the pin in pyproject.toml and this list."
)

SIGNATURES = {
    "flwr.app.message:make_message": "metadata content error",
    "flwr.app.message:remove_content_from_message": "message",
    "flwr.cli.install:install_from_fab": "fab_file install_dir skip_prompt",
    "flwr.common.serde:fab_to_proto": "fab",
    "flwr.common.serde:message_from_proto": "message_proto",
    "flwr.common.serde:message_to_proto": "message",
    "flwr.common.serde:user_config_to_proto": "user_config",
    "flwr.supercore.control.control_http_client:ControlHttpClient.from_server_address": (
        "server_address insecure root_certificates interceptors retry_invoker"
    ),
    "flwr.supercore.error:FlowerError.from_json": "value",
    "flwr.supercore.fab:Fab": "hash_str content verifications",
    "flwr.supercore.inflatable.inflatable_object:get_all_nested_objects": "obj",
    "flwr.supercore.inflatable.inflatable_object:get_object_tree": "obj",
    "flwr.supercore.inflatable.inflatable_object:no_object_id_recompute": "",
    "flwr.supercore.interceptors:RuntimeVersionHttpInterceptor": "component_name",
    "flwr.supercore.interceptors:SuperExecAuthHttpInterceptor": "master_secret protected_methods",
    "flwr.supercore.primitives.asymmetric:public_key_to_bytes": "public_key",
    "flwr.supercore.runtime:RuntimeHttpClient.from_server_address": (
        "server_address insecure root_certificates interceptors retry_invoker"
    ),
    "flwr.superlink.cli.flwr_serverapp:flwr_serverapp": "",
    "flwr.superlink.cli:flower_superlink": "",
    "flwr.superlink.grid.http_grid:HttpGrid._try_push_messages": "run_id messages",
    "flwr.superlink.grid.http_grid:HttpGrid.send_and_receive": "messages timeout",
    "flwr.supernode.fleet_http_client:FleetHttpClient": "base_url interceptors verify timeout retry_invoker",
    "flwr.supernode.node_auth_http_interceptor:NodeAuthHttpInterceptor": "private_key public_key",
}
"""``module:name`` -> the names of its parameters."""

METHODS = {
    "flwr.supernode.fleet_http_client:FleetHttpClient": (
        "ActivateNode DeactivateNode SendNodeHeartbeat PullMessages PushMessages GetRun PullObject PushObject "
        "ConfirmMessageReceived close"
    ),
    "flwr.supercore.control.control_http_client:ControlHttpClient": (
        "StartRun ListRuns StopRun RegisterNode UnregisterNode ListNodes close"
    ),
    "flwr.supercore.runtime:RuntimeHttpClient": (
        "AcquireTask PushMessages PullMessages PushObject PullObject ConfirmMessageReceived"
    ),
    "flwr.app:ConfigRecord": "deflate inflate",
    "flwr.app:Message": "deflate",
    "flwr.app:RecordDict": "deflate",
}
"""``module:name`` -> methods that are called on it."""

FIELDS = {
    "flwr.proto.control_pb2:ListNodesRequest": "",
    "flwr.proto.control_pb2:ListNodesResponse": "nodes_info",
    "flwr.proto.control_pb2:ListRunsRequest": "run_id",
    "flwr.proto.control_pb2:ListRunsResponse": "run_dict",
    "flwr.proto.control_pb2:RegisterNodeRequest": "public_key name",
    "flwr.proto.control_pb2:RegisterNodeResponse": "node_id",
    "flwr.proto.control_pb2:StartRunRequest": "fab override_config",
    "flwr.proto.control_pb2:StartRunResponse": "run_id",
    "flwr.proto.control_pb2:StopRunRequest": "run_id",
    "flwr.proto.control_pb2:StopRunResponse": "success",
    "flwr.proto.control_pb2:UnregisterNodeRequest": "node_id",
    "flwr.proto.fleet_pb2:ActivateNodeRequest": "public_key heartbeat_interval",
    "flwr.proto.fleet_pb2:ActivateNodeResponse": "node_id",
    "flwr.proto.fleet_pb2:DeactivateNodeRequest": "node_id",
    "flwr.proto.fleet_pb2:PullMessagesRequest": "node",
    "flwr.proto.fleet_pb2:PullMessagesResponse": "messages_list message_object_trees",
    "flwr.proto.fleet_pb2:PushMessagesRequest": "node messages_list message_object_trees clientapp_runtime_list",
    "flwr.proto.fleet_pb2:PushMessagesResponse": "objects_to_push session_id",
    "flwr.proto.heartbeat_pb2:SendNodeHeartbeatRequest": "node heartbeat_interval",
    "flwr.proto.heartbeat_pb2:SendNodeHeartbeatResponse": "success",
    "flwr.proto.message_pb2:ConfirmMessageReceivedRequest": "node run_id message_object_id",
    "flwr.proto.message_pb2:ObjectTree": "object_id children",
    "flwr.proto.message_pb2:PullObjectRequest": "node run_id object_id",
    "flwr.proto.message_pb2:PullObjectResponse": "object_found object_available object_content",
    "flwr.proto.message_pb2:PushObjectRequest": "node run_id object_id object_content session_id",
    "flwr.proto.message_pb2:PushObjectResponse": "stored",
    "flwr.proto.node_pb2:Node": "node_id",
    "flwr.proto.node_pb2:NodeInfo": "node_id name status public_key",
    "flwr.proto.run_pb2:GetRunRequest": "node run_id",
    "flwr.proto.run_pb2:GetRunResponse": "run",
    "flwr.proto.run_pb2:Run": "fab_hash status",
    "flwr.proto.run_pb2:RunStatus": "status sub_status details",
    "flwr.proto.runtime_pb2:AcquireTaskRequest": "supported_task_types",
    "flwr.proto.runtime_pb2:AcquireTaskResponse": "task token",
    "flwr.proto.runtime_pb2:PullAppMessagesRequest": "message_ids",
    "flwr.proto.runtime_pb2:PullAppMessagesResponse": "messages_list message_object_trees",
    "flwr.proto.runtime_pb2:PushAppMessagesRequest": "messages_list message_object_trees",
    "flwr.proto.runtime_pb2:PushAppMessagesResponse": "message_ids objects_to_push session_id",
}
"""``module:message`` -> fields of Flower's wire format that we read or write."""

VALUES = {
    "flwr.common.constant:Status.FINISHED": "finished",
    "flwr.common.constant:SubStatus.COMPLETED": "completed",
    "flwr.common.constant:SubStatus.STOPPED": "stopped",
    "flwr.supercore.constant:NodeStatus.ONLINE": "online",
    "flwr.supercore.constant:NodeStatus.UNREGISTERED": "unregistered",
    "flwr.common.constant:HEARTBEAT_DEFAULT_INTERVAL": 30,
    "flwr.common.constant:SUPERLINK_NODE_ID": 1,
    "flwr.supercore.error:ApiErrorCode.FLEET_NODE_ACTIVATION_FAILED": 2004,
    "flwr.supercore.error:ApiErrorCode.FLEET_RUN_STATUS_NOT_ALLOWED": 2007,
    "flwr.supercore.error:ApiErrorCode.FLEET_GET_RUN_FAILED": 2008,
    "flwr.supercore.error:ApiErrorCode.RUNTIME_VERSION_INCOMPATIBLE": 1001,
}
"""``module:name`` -> the value that our reading of answers assumes."""

USED = {
    "flwr.supercore.constant:TaskType",
    "flwr.supercore.control.control_http_client:ControlHttpClient",
    "flwr.supercore.error:FlowerError",
    "flwr.supercore.runtime:RuntimeHttpClient",
    "flwr.superlink.grid.http_grid:HttpGrid",
    "flwr.proto.message_pb2:Message",
    "flwr.supercore.error:ApiErrorCode",
    "flwr.supercore.protobuf.client:ProtobufCall",
    "flwr.supercore.protobuf.client:ProtobufRequestContext",
    "flwr.supercore.run:Run",
    "flwr.supercore.task_identity:TaskIdentity",
}
"""Names of which no more is asked than that they are there."""


LISTED = {*SIGNATURES, *METHODS, *FIELDS, *VALUES, *USED}


def find(reference: str) -> object:
    module, _, names = reference.partition(":")
    found: object = import_module(module)
    for name in names.split("."):
        found = getattr(found, name, None)
        assert found is not None, f"{reference} is gone. {WHAT_TO_DO}"
    return found


def imports(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield every name of Flower's that the modules of a folder import, as ``module:name``."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "flwr":
                yield from ((path, f"{node.module}:{name.name}") for name in node.names)
            elif isinstance(node, ast.Import):
                yield from ((path, f"{n.name}:") for n in node.names if n.name.split(".")[0] == "flwr")


def is_private(reference: str) -> bool:
    return reference.partition(":")[0] not in PUBLIC


def test_flwr_is_the_one_that_the_list_was_made_for() -> None:
    assert version("flwr").startswith("1.41."), WHAT_TO_DO


@pytest.mark.parametrize("reference", sorted(SIGNATURES))
def test_a_private_function_takes_what_we_give_it(reference: str) -> None:
    parameters = [name for name in inspect.signature(find(reference)).parameters if name != "self"]  # type: ignore[arg-type]
    assert " ".join(parameters) == SIGNATURES[reference], f"{reference} takes {parameters}. {WHAT_TO_DO}"


@pytest.mark.parametrize("reference", sorted(METHODS))
def test_a_class_has_the_methods_we_call(reference: str) -> None:
    found = find(reference)
    missing = [name for name in METHODS[reference].split() if not callable(getattr(found, name, None))]
    assert not missing, f"{reference} lacks {missing}. {WHAT_TO_DO}"


@pytest.mark.parametrize("reference", sorted(FIELDS))
def test_a_wire_message_has_the_fields_we_use(reference: str) -> None:
    fields = find(reference).DESCRIPTOR.fields_by_name  # type: ignore[attr-defined]
    missing = [name for name in FIELDS[reference].split() if name not in fields]
    assert not missing, f"{reference} lacks {missing}. {WHAT_TO_DO}"


@pytest.mark.parametrize("reference", sorted(VALUES))
def test_a_constant_is_what_we_take_it_for(reference: str) -> None:
    assert find(reference) == VALUES[reference], f"{reference} is {find(reference)}. {WHAT_TO_DO}"


@pytest.mark.parametrize("reference", sorted(USED))
def test_a_private_name_is_there(reference: str) -> None:
    find(reference)


def test_every_private_name_in_the_runtime_is_listed() -> None:
    unlisted = {reference for _, reference in imports(RUNTIME) if is_private(reference)} - LISTED
    assert not unlisted, f"add to {Path(__file__).name}, with what is relied on: {sorted(unlisted)}"


def test_no_name_is_listed_that_nobody_uses() -> None:
    used = {reference for _, reference in imports(RUNTIME)}
    listed = {without_attribute(reference) for reference in (*SIGNATURES, *METHODS, *USED)}
    stale = {reference for reference in listed if is_private(reference)} - used
    assert not stale, f"take out of {Path(__file__).name}: {sorted(stale)}"


def without_attribute(reference: str) -> str:
    module, _, name = reference.partition(":")
    return f"{module}:{name.partition('.')[0]}"


def test_a_message_keeps_its_id_where_we_set_it() -> None:
    """The id has no setter, so it is written into the attributes; a renamed one would be written in vain."""
    metadata = Metadata(
        run_id=1,
        message_id="ours",
        src_node_id=1,
        dst_node_id=2,
        reply_to_message_id="",
        group_id="",
        created_at=0.0,
        ttl=1.0,
        message_type="train",
    )
    assert metadata.__dict__["_message_id"] == metadata.message_id == "ours", WHAT_TO_DO


@pytest.mark.parametrize("name", ["HttpGrid", "install_from_fab"])
def test_the_module_that_runs_a_serverapp_has_the_names_that_we_put_ours_in_the_place_of(name: str) -> None:
    assert hasattr(import_module("flwr.superlink.runtime.run_serverapp"), name), WHAT_TO_DO


def test_grid_and_client_keep_their_connections_where_we_look_for_them() -> None:
    grid = find("flwr.superlink.grid.http_grid:HttpGrid")
    client = find("flwr.supercore.protobuf.client:ProtobufClient.__init__")

    assert isinstance(vars(grid)["_runtime_client"], property), WHAT_TO_DO
    assert "self._client = httpx.Client(" in inspect.getsource(client), WHAT_TO_DO  # type: ignore[arg-type]


def test_outside_the_runtime_only_flowers_documented_packages_are_imported() -> None:
    outside = {
        f"{path.relative_to(ROOT)}: {reference}"
        for package in PACKAGES
        for path, reference in imports(ROOT / package)
        if is_private(reference) and RUNTIME not in path.parents
    }
    assert not outside, f"these belong into federated/runtime/: {sorted(outside)}"


def test_the_search_for_imports_finds_them(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "import flwr.server.x\ndef f():\n    from flwr.common.y import z\nfrom flwr.app import Message\n",
        encoding="utf-8",
    )
    assert [(r, is_private(r)) for _, r in imports(tmp_path)] == [
        ("flwr.server.x:", True),
        ("flwr.app:Message", False),
        ("flwr.common.y:z", True),
    ]
