"""What the second older system (aws-data-mesh-utils) does with Lake Formation and Glue, made with boto3.

Usage: boto3_client.py URL. Plays one part after another, each named for the features it stands for, against the
emulator at URL, and prints a JSON object: part to "ok" or to what went wrong. What the emulator has nothing of is not
here: partitions (S2-21) and crawlers (S2-26).
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

MESH, PRODUCER, CONSUMER = "111122223333", "222233334444", "333344445555"
REGION = "eu-west-1"
ROLES = f"arn:aws:iam::{MESH}:role/AwsDataMesh"
KEYS = {
    MESH: ("AKIAMESHMANAGER00001", "referees-only-mesh"),
    PRODUCER: ("AKIAPRODUCER00000001", "referees-only-producer"),
    CONSUMER: ("AKIACONSUMER00000001", "referees-only-consumer"),
}
MESH_DATABASE = f"tpcds-{PRODUCER}"

PARTS: dict[str, Callable[[], None]] = {}


def part(features: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def add(function: Callable[[], None]) -> Callable[[], None]:
        PARTS[f"{features} {function.__name__.replace('_', ' ')}"] = function
        return function

    return add


def client(service: str, account: str, credentials: dict[str, Any] | None = None) -> Any:
    key, secret = KEYS[account]
    return boto3.client(
        service,
        endpoint_url=sys.argv[1],
        region_name=REGION,
        aws_access_key_id=credentials["AccessKeyId"] if credentials else key,
        aws_secret_access_key=credentials["SecretAccessKey"] if credentials else secret,
        aws_session_token=credentials["SessionToken"] if credentials else None,
        config=Config(retries={"total_max_attempts": 1}),
    )


def refused(error: type[ClientError], call: Callable[..., Any], **arguments: Any) -> ClientError:
    """The call is refused with this very class of exception, whose code and status are those of the answer."""
    try:
        call(**arguments)
    except ClientError as thrown:
        assert type(thrown) is error, f"{type(thrown).__name__}, not {error.__name__}: {thrown}"
        assert thrown.response["Error"]["Code"] == error.__name__, thrown.response
        assert thrown.response["ResponseMetadata"]["HTTPStatusCode"] == 400, thrown.response
        assert thrown.response["Error"]["Message"], thrown.response
        return thrown
    raise AssertionError(f"not refused with {error.__name__}")


def table(name: str, catalog: str = MESH) -> dict[str, Any]:
    return {"Table": {"CatalogId": catalog, "DatabaseName": MESH_DATABASE, "Name": name}}


def rows(account: str, **arguments: Any) -> list[dict[str, Any]]:
    """Every row of a listing; boto3 has no paginator for it, so the token is followed by hand."""
    lake_formation = client("lakeformation", account)
    found: list[dict[str, Any]] = []
    while True:
        page = lake_formation.list_permissions(**arguments)
        found += page["PrincipalResourcePermissions"]
        if "NextToken" not in page:
            return found
        arguments["NextToken"] = page["NextToken"]


def held(principal: str, **arguments: Any) -> dict[str, set[str]]:
    """What a principal holds, by kind of resource; grant options with a plus sign."""
    found: dict[str, set[str]] = {}
    for row in rows(MESH, **arguments):
        if row["Principal"]["DataLakePrincipalIdentifier"] == principal:
            (kind,) = row["Resource"]
            options = {f"+{name}" for name in row["PermissionsWithGrantOption"]}
            found.setdefault(kind, set()).update(row["Permissions"], options)
    return found


def grant(principal: str, resource: dict[str, Any], permissions: list[str], options: list[str] | None = None) -> None:
    client("lakeformation", MESH).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": principal},
        Resource=resource,
        Permissions=permissions,
        PermissionsWithGrantOption=options or [],
    )


@part("S2-02 S2-03")
def roles_are_assumed_over_accounts() -> None:
    assert client("sts", PRODUCER).get_caller_identity()["Account"] == PRODUCER
    assumed = client("sts", PRODUCER).assume_role(RoleArn=f"{ROLES}/Admin-{PRODUCER}", RoleSessionName="mesh")
    assert assumed["Credentials"]["Expiration"].tzinfo is not None
    identity = client("sts", MESH, assumed["Credentials"]).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{MESH}:assumed-role/Admin-{PRODUCER}/mesh", identity
    try:
        client("sts", PRODUCER).assume_role(RoleArn=f"{ROLES}/Admin-{CONSUMER}", RoleSessionName="mesh")
        raise AssertionError("a role that does not trust the caller is assumed")
    except ClientError as thrown:
        assert thrown.response["Error"]["Code"] == "AccessDenied", thrown.response
        assert thrown.response["ResponseMetadata"]["HTTPStatusCode"] == 403, thrown.response


@part("S2-04 S2-05")
def an_administrator_is_added_to_the_settings() -> None:
    lake_formation = client("lakeformation", MESH)
    settings = lake_formation.get_data_lake_settings()["DataLakeSettings"]
    assert settings["Parameters"]["CROSS_ACCOUNT_VERSION"] == "4", settings
    for role in ("DataMeshManager", f"Admin-{PRODUCER}", f"Admin-{PRODUCER}"):
        entry = {"DataLakePrincipalIdentifier": f"{ROLES}/{role}"}
        if entry not in settings["DataLakeAdmins"]:
            settings["DataLakeAdmins"].append(entry)
    settings["CreateTableDefaultPermissions"] = []
    lake_formation.put_data_lake_settings(DataLakeSettings=settings)
    written = lake_formation.get_data_lake_settings()["DataLakeSettings"]
    assert written == settings, written
    settings["DataLakeAdmins"] = [{"DataLakePrincipalIdentifier": f"{ROLES}/Deleted"}]
    wrong = lake_formation.exceptions.InvalidInputException
    refused(wrong, lake_formation.put_data_lake_settings, DataLakeSettings=settings)


@part("S2-10 S2-11 S2-32")
def source_tables_are_found_by_pattern() -> None:
    glue = client("glue", PRODUCER)
    pages = glue.get_paginator("get_tables").paginate(
        DatabaseName="tpcds", Expression="customer.*", PaginationConfig={"PageSize": 1}
    )
    assert [found["Name"] for found in pages.search("TableList[]")] == ["customer", "customer_address"]
    assert glue.get_tables(DatabaseName="tpcds", Expression="nothing.*")["TableList"] == []
    missing = glue.exceptions.EntityNotFoundException
    refused(missing, glue.get_tables, DatabaseName="nowhere")
    refused(missing, glue.get_table, DatabaseName="tpcds", Name="nothing")
    refused(missing, glue.get_database, Name="nowhere")


@part("S2-08 S2-16 S2-19")
def the_mesh_database_is_made_once() -> None:
    glue = client("glue", MESH)
    given = {"Name": MESH_DATABASE, "CreateTableDefaultPermissions": []}
    glue.create_database(DatabaseInput=given, Tags={"Solution": "DataMeshUtils"})
    refused(glue.exceptions.AlreadyExistsException, glue.create_database, DatabaseInput=given)
    parameters = {"data_owner": PRODUCER, "data_owner_name": "producer"}
    glue.update_database(Name=MESH_DATABASE, DatabaseInput={**given, "Parameters": parameters})
    database = glue.get_database(Name=MESH_DATABASE)["Database"]
    assert database["Parameters"] == parameters and database["CreateTime"].tzinfo is not None, database
    assert database["CreateTableDefaultPermissions"] == [], database
    names = [one["Name"] for one in glue.get_paginator("get_databases").paginate().search("DatabaseList[]")]
    assert names == [MESH_DATABASE], names
    missing = glue.exceptions.EntityNotFoundException
    refused(missing, glue.update_database, Name="nowhere", DatabaseInput={"Name": "nowhere"})


@part("S2-21 S2-27")
def tables_are_copied_to_the_mesh() -> None:
    source, glue = client("glue", PRODUCER), client("glue", MESH)
    taken = ("Name", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")
    for page in source.get_paginator("get_tables").paginate(DatabaseName="tpcds"):
        for found in page["TableList"]:
            given = {name: found[name] for name in taken if name in found}
            glue.create_table(DatabaseName=MESH_DATABASE, TableInput=given)
            refused(
                glue.exceptions.AlreadyExistsException, glue.create_table, DatabaseName=MESH_DATABASE, TableInput=given
            )
    copied = glue.get_table(DatabaseName=MESH_DATABASE, Name="customer_address")["Table"]
    assert copied["VersionId"] == "0" and copied["PartitionKeys"][0]["Name"] == "ca_day", copied
    glue.update_table(DatabaseName=MESH_DATABASE, TableInput={"Name": "customer_address", "Description": "copied"})
    stale = glue.exceptions.ConcurrentModificationException
    refused(
        stale, glue.update_table, DatabaseName=MESH_DATABASE, TableInput={"Name": "customer_address"}, VersionId="0"
    )


@part("S2-12 S2-13 S2-14")
def domain_and_product_are_tags() -> None:
    lake_formation = client("lakeformation", MESH)
    missing = lake_formation.exceptions.EntityNotFoundException
    refused(missing, lake_formation.get_lf_tag, TagKey="Domain")
    lake_formation.create_lf_tag(TagKey="Domain", TagValues=["sales"])
    exists = lake_formation.exceptions.InvalidInputException
    assert "already exists" in str(refused(exists, lake_formation.create_lf_tag, TagKey="Domain", TagValues=["hr"]))
    lake_formation.update_lf_tag(TagKey="Domain", TagValuesToAdd=["hr"])
    lake_formation.create_lf_tag(TagKey="DataProduct", TagValues=["customers"])
    keys = [tag["TagKey"] for tag in lake_formation.get_paginator("list_lf_tags").paginate().search("LFTags[]")]
    assert sorted(keys) == ["dataproduct", "domain"], keys
    tags = [{"TagKey": "domain", "TagValues": ["sales"]}, {"TagKey": "dataproduct", "TagValues": ["customers"]}]
    assert lake_formation.add_lf_tags_to_resource(Resource=table("customer"), LFTags=tags)["Failures"] == []
    wrong = [{"TagKey": "nothing", "TagValues": ["sales"]}]
    failures = lake_formation.add_lf_tags_to_resource(Resource=table("customer"), LFTags=wrong)["Failures"]
    assert failures[0]["Error"]["ErrorCode"] == "EntityNotFoundException", failures
    carried = lake_formation.get_resource_lf_tags(Resource=table("customer"))
    assert [tag["TagKey"] for tag in carried["LFTagsOnTable"]] == ["dataproduct", "domain"], carried
    assert lake_formation.get_resource_lf_tags(Resource=table("web_sales")).get("LFTagsOnTable") is None
    lake_formation.remove_lf_tags_from_resource(Resource=table("customer"), LFTags=tags)
    lake_formation.delete_lf_tag(TagKey="dataproduct")


@part("S2-15 S2-20 S2-22")
def the_producer_keeps_its_rights_and_metadata_is_public() -> None:
    database = {"Database": {"Name": MESH_DATABASE}}
    read_only = f"{ROLES}/DataMeshAdminReadOnly"
    grant(read_only, database, ["DESCRIBE"])
    grant(read_only, table("customer"), ["DESCRIBE"])
    # Lake Formation shares nothing while IAM_ALLOWED_PRINCIPALS holds the database.
    lake_formation = client("lakeformation", MESH)
    everyone = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
    lake_formation.revoke_permissions(Principal=everyone, Resource=database, Permissions=["ALL"])
    grant(PRODUCER, database, ["CREATE_TABLE", "DESCRIBE"], ["CREATE_TABLE", "DESCRIBE"])
    grant(f"{ROLES}/Admin-{PRODUCER}", database, ["ALL"])
    rights = ["INSERT", "SELECT", "ALTER", "DELETE", "DESCRIBE", "DROP"]
    grant(PRODUCER, table("customer"), rights, rights)
    everything = {*rights, *(f"+{right}" for right in rights)}
    found = held(PRODUCER, Resource=table("customer"))
    assert found == {"Table": everything - {"SELECT", "+SELECT"}, "TableWithColumns": {"SELECT", "+SELECT"}}, found
    denied = lake_formation.exceptions.InvalidInputException
    arguments = {"Principal": {"DataLakePrincipalIdentifier": PRODUCER}, "Resource": database}
    refused(
        denied, lake_formation.grant_permissions, **arguments, Permissions=["DROP"], PermissionsWithGrantOption=["DROP"]
    )


@part("S2-23")
def a_location_is_registered() -> None:
    lake_formation = client("lakeformation", MESH)
    place = {"ResourceArn": "arn:aws:s3:::source/tpcds"}
    lake_formation.register_resource(**place, UseServiceLinkedRole=True)
    refused(
        lake_formation.exceptions.AlreadyExistsException,
        lake_formation.register_resource,
        **place,
        UseServiceLinkedRole=True,
    )
    grant(f"{ROLES}/Crawler", {"DataLocation": place}, ["DATA_LOCATION_ACCESS"])
    assert held(f"{ROLES}/Crawler") == {"DataLocation": {"DATA_LOCATION_ACCESS"}}
    assert lake_formation.describe_resource(**place)["ResourceInfo"]["LastModified"].tzinfo is not None
    missing = lake_formation.exceptions.EntityNotFoundException
    refused(missing, lake_formation.deregister_resource, ResourceArn="arn:aws:s3:::nowhere")


@part("S2-37 S2-46 S2-47")
def a_subscription_is_approved_in_one_batch() -> None:
    lake_formation = client("lakeformation", MESH)
    name = {"CatalogId": MESH, "DatabaseName": MESH_DATABASE, "Name": "customer"}
    entries = [
        {"Id": "1", "Resource": {"Database": {"Name": MESH_DATABASE}}, "Permissions": ["DESCRIBE"]},
        {"Id": "2", "Resource": table("customer"), "Permissions": ["DESCRIBE"]},
        {"Id": "3", "Resource": {"TableWithColumns": {**name, "ColumnWildcard": {}}}, "Permissions": ["SELECT"]},
        {"Id": "4", "Resource": table("nothing"), "Permissions": ["DESCRIBE"]},
    ]
    for entry in entries:
        entry["Principal"] = {"DataLakePrincipalIdentifier": CONSUMER}
        entry["PermissionsWithGrantOption"] = entry["Permissions"]
    failures = lake_formation.batch_grant_permissions(Entries=entries)["Failures"]
    assert [(one["RequestEntry"]["Id"], one["Error"]["ErrorCode"]) for one in failures] == [
        ("4", "EntityNotFoundException")
    ]
    assert failures[0]["RequestEntry"] == entries[3], failures
    found = held(CONSUMER, Resource=table("customer"))
    assert found == {"Table": {"DESCRIBE", "+DESCRIBE"}, "TableWithColumns": {"SELECT", "+SELECT"}}, found
    too_many = [{**entries[1], "Id": str(number)} for number in range(21)]
    refused(lake_formation.exceptions.InvalidInputException, lake_formation.batch_grant_permissions, Entries=too_many)


@part("S2-39 S2-40 S2-35")
def a_subscription_is_changed_and_ended() -> None:
    lake_formation = client("lakeformation", MESH)
    who = {"Principal": {"DataLakePrincipalIdentifier": CONSUMER}}
    grant(CONSUMER, table("customer"), ["INSERT", "DESCRIBE"], ["INSERT", "DESCRIBE"])
    assert "INSERT" in held(CONSUMER)["Table"]
    taken = {"Permissions": ["INSERT"], "PermissionsWithGrantOption": ["INSERT"]}
    lake_formation.revoke_permissions(**who, Resource=table("customer"), **taken)
    wrong = lake_formation.exceptions.InvalidInputException
    again = refused(wrong, lake_formation.revoke_permissions, **who, Resource=table("customer"), **taken)
    assert "No permissions revoked" in str(again), again
    refused(wrong, lake_formation.list_permissions, **who)
    missing = lake_formation.exceptions.EntityNotFoundException
    refused(missing, lake_formation.revoke_permissions, **who, Resource=table("nothing"), **taken)
    both = {"Permissions": ["SELECT", "DESCRIBE"], "PermissionsWithGrantOption": ["SELECT", "DESCRIBE"]}
    entry = {"Id": "1", **who, "Resource": table("customer"), **both}
    assert lake_formation.batch_revoke_permissions(Entries=[entry])["Failures"] == []
    failures = lake_formation.batch_revoke_permissions(Entries=[entry])["Failures"]
    assert failures[0]["Error"]["ErrorCode"] == "InvalidInputException", failures
    assert set(held(CONSUMER)) == {"Database"}, held(CONSUMER)


def every(call: Callable[..., Any], member: str, **arguments: Any) -> list[dict[str, Any]]:
    """All of a listing of RAM, which may answer an empty page with a token."""
    found: list[dict[str, Any]] = []
    while True:
        page = call(**arguments)
        found += page[member]
        if "nextToken" not in page:
            return found
        arguments["nextToken"] = page["nextToken"]


@part("S2-44")
def the_consumer_accepts_what_it_is_invited_to() -> None:
    grant(CONSUMER, table("customer"), ["SELECT", "DESCRIBE"], ["SELECT", "DESCRIBE"])
    ram, owner = client("ram", CONSUMER), client("ram", MESH)
    assert client("glue", CONSUMER).get_databases(ResourceShareType="FOREIGN")["DatabaseList"] == []
    pages = ram.get_paginator("get_resource_share_invitations").paginate(PaginationConfig={"PageSize": 1})
    invitations = list(pages.search("resourceShareInvitations[]"))
    assert {one["senderAccountId"] for one in invitations} == {MESH}, invitations
    shares = {"member": "resourceShares", "resourceOwner": "SELF"}
    shared_before = every(owner.get_resource_shares, **shares)
    for invitation in [one for one in invitations if one["status"] == "PENDING"]:
        assert invitation["invitationTimestamp"].tzinfo is not None, invitation
        arn = {"resourceShareInvitationArn": invitation["resourceShareInvitationArn"]}
        assert every(ram.list_pending_invitation_resources, "resources", **arn), invitation
        assert ram.accept_resource_share_invitation(**arn)["resourceShareInvitation"]["status"] == "ACCEPTED"
        accepted = ram.exceptions.ResourceShareInvitationAlreadyAcceptedException
        refused(accepted, ram.accept_resource_share_invitation, **arn)
    assert every(owner.get_resource_shares, **shares) != shared_before
    joined = every(ram.get_resource_shares, "resourceShares", resourceOwner="OTHER-ACCOUNTS")
    assert {one["status"] for one in joined} == {"ACTIVE"}, joined
    arns = {"resourceShareArns": [one["resourceShareArn"] for one in joined]}
    for kind in ("PRINCIPAL", "RESOURCE"):
        about = {"member": "resourceShareAssociations", "associationType": kind, **arns}
        found = every(owner.get_resource_share_associations, **about)
        assert {one["status"] for one in found} == {"ASSOCIATED"}, found
    types = {one["type"] for one in every(ram.list_resources, "resources", resourceOwner="OTHER-ACCOUNTS")}
    assert types == {"glue:Database", "glue:Table"}, types
    principals = every(owner.list_principals, "principals", resourceOwner="SELF")
    assert CONSUMER in {one["id"] for one in principals}, principals


@part("S2-17 S2-18 S2-45")
def the_consumer_links_what_is_shared() -> None:
    glue, lake_formation = client("glue", CONSUMER), client("lakeformation", CONSUMER)
    shared = glue.get_paginator("get_databases").paginate(ResourceShareType="FOREIGN").search("DatabaseList[]")
    assert [(one["CatalogId"], one["Name"]) for one in shared] == [(MESH, MESH_DATABASE)]
    target = {"CatalogId": MESH, "DatabaseName": MESH_DATABASE}
    glue.create_database(DatabaseInput={"Name": "tpcds_link", "TargetDatabase": target})
    assert glue.get_database(Name="tpcds_link")["Database"]["TargetDatabase"] == target
    glue.create_database(DatabaseInput={"Name": "own"})
    link = {"Name": "customer_link", "TargetTable": {**target, "Name": "customer"}}
    glue.create_table(DatabaseName="own", TableInput=link)
    seen = glue.get_table(CatalogId=MESH, DatabaseName=MESH_DATABASE, Name="customer")["Table"]
    assert [column["Name"] for column in seen["StorageDescriptor"]["Columns"]] == ["c_id", "c_email"], seen
    analyst = {"Principal": {"DataLakePrincipalIdentifier": f"arn:aws:iam::{CONSUMER}:role/analyst"}}
    on_link = {"Database": {"Name": "tpcds_link"}}
    lake_formation.grant_permissions(**analyst, Resource=on_link, Permissions=["DESCRIBE"])
    lake_formation.grant_permissions(**analyst, Resource=table("customer"), Permissions=["SELECT", "DESCRIBE"])
    glue.delete_table(DatabaseName="own", Name="customer_link")
    glue.delete_database(Name="tpcds_link")


@part("S2-21")
def a_table_comes_back_with_every_member() -> None:
    glue = client("glue", MESH)
    serde = {"Name": "parquet", "SerializationLibrary": "org.example.Serde", "Parameters": {"format": "1"}}
    skewed = {
        "SkewedColumnNames": ["e_id"],
        "SkewedColumnValues": ["1"],
        "SkewedColumnValueLocationMaps": {"1": "s3://lake/1"},
    }
    given = {
        "Name": "everything",
        "Description": "Everything \N{GRINNING FACE}\nin two lines",
        "Owner": "producer",
        "LastAccessTime": datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
        "LastAnalyzedTime": datetime(2026, 1, 2, 3, 4, 6, tzinfo=timezone.utc),
        "Retention": 7,
        "StorageDescriptor": {
            "Columns": [{"Name": "e_id", "Type": "bigint", "Comment": "the id", "Parameters": {"pii_flag": "false"}}],
            "Location": "s3://lake/everything",
            "AdditionalLocations": ["s3://lake/more"],
            "InputFormat": "org.example.In",
            "OutputFormat": "org.example.Out",
            "Compressed": False,
            "NumberOfBuckets": 2,
            "SerdeInfo": serde,
            "BucketColumns": ["e_id"],
            "SortColumns": [{"Column": "e_id", "SortOrder": 1}],
            "Parameters": {"a": "b"},
            "SkewedInfo": skewed,
            "StoredAsSubDirectories": True,
        },
        "PartitionKeys": [{"Name": "e_day", "Type": "date", "Comment": "the day"}],
        "ViewOriginalText": "select 1",
        "ViewExpandedText": "select 1",
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": "parquet"},
    }
    glue.create_table(CatalogId=MESH, DatabaseName=MESH_DATABASE, TableInput=given)
    found = glue.get_table(CatalogId=MESH, DatabaseName=MESH_DATABASE, Name="everything")["Table"]
    assert {name: found[name] for name in given} == given, found
    given["Description"] = "changed"
    glue.update_table(CatalogId=MESH, DatabaseName=MESH_DATABASE, TableInput=given, SkipArchive=True, VersionId="0")
    tables = glue.get_paginator("get_tables").paginate(CatalogId=MESH, DatabaseName=MESH_DATABASE)
    (found,) = [one for one in tables.search("TableList[]") if one["Name"] == "everything"]
    assert {name: found[name] for name in given} == given, found
    assert found["VersionId"] == "1", found
    glue.delete_table(CatalogId=MESH, DatabaseName=MESH_DATABASE, Name="everything")


@part("S2-30 S2-31 S2-49")
def every_kind_of_resource_is_granted_and_revoked_in_a_batch() -> None:
    lake_formation = client("lakeformation", MESH)
    name = {"CatalogId": MESH, "DatabaseName": MESH_DATABASE, "Name": "customer"}
    cells = {"TableCatalogId": MESH, "DatabaseName": MESH_DATABASE, "TableName": "customer", "Name": "some"}
    lake_formation.create_data_cells_filter(
        TableData={**cells, "RowFilter": {"FilterExpression": "c_id > 1"}, "ColumnNames": ["c_id"]},
    )
    rows_wildcard = {"RowFilter": {"AllRowsWildcard": {}}, "ColumnWildcard": {"ExcludedColumnNames": ["c_email"]}}
    lake_formation.create_data_cells_filter(TableData={**cells, "Name": "more", **rows_wildcard})
    exists = lake_formation.exceptions.AlreadyExistsException
    refused(exists, lake_formation.create_data_cells_filter, TableData={**cells, "Name": "more", **rows_wildcard})
    filters = lake_formation.get_paginator("list_data_cells_filter").paginate(
        Table={"CatalogId": MESH, "DatabaseName": MESH_DATABASE, "Name": "customer"},
        PaginationConfig={"PageSize": 1},
    )
    assert sorted(one["Name"] for one in filters.search("DataCellsFilters[]")) == ["more", "some"]
    tag = {"CatalogId": MESH, "TagKey": "domain", "TagValues": ["sales"]}
    expression = {
        "CatalogId": MESH,
        "ResourceType": "TABLE",
        "Expression": [{"TagKey": "domain", "TagValues": ["sales"]}],
    }
    wanted: list[tuple[dict[str, Any], list[str]]] = [
        ({"Catalog": {"Id": MESH}}, ["CREATE_DATABASE"]),
        ({"Database": {"CatalogId": MESH, "Name": MESH_DATABASE}}, ["DESCRIBE"]),
        ({"Table": {"CatalogId": MESH, "DatabaseName": MESH_DATABASE, "TableWildcard": {}}}, ["DESCRIBE"]),
        ({"TableWithColumns": {**name, "ColumnNames": ["c_id"]}}, ["SELECT"]),
        (
            {
                "TableWithColumns": {
                    **name,
                    "Name": "web_sales",
                    "ColumnWildcard": {"ExcludedColumnNames": ["ws_price"]},
                }
            },
            ["SELECT"],
        ),
        ({"DataLocation": {"CatalogId": MESH, "ResourceArn": "arn:aws:s3:::source/tpcds"}}, ["DATA_LOCATION_ACCESS"]),
        ({"DataCellsFilter": cells}, ["SELECT"]),
        ({"LFTag": tag}, ["DESCRIBE"]),
        ({"LFTagPolicy": expression}, ["SELECT"]),
    ]
    crawler = {"DataLakePrincipalIdentifier": f"{ROLES}/Crawler"}
    entries = [
        {
            "Id": str(number),
            "Principal": crawler,
            "Resource": resource,
            "Permissions": permissions,
            "PermissionsWithGrantOption": [],
        }
        for number, (resource, permissions) in enumerate(wanted)
    ]
    assert lake_formation.batch_grant_permissions(CatalogId=MESH, Entries=entries)["Failures"] == []
    kinds = {kind for resource, _ in wanted for kind in resource}
    assert set(held(f"{ROLES}/Crawler")) == kinds, held(f"{ROLES}/Crawler")
    whole, paged = rows(MESH), rows(MESH, CatalogId=MESH, MaxResults=1)
    assert len(whole) == len(paged) and all(row in paged for row in whole), paged
    path = {"CatalogId": MESH, "ResourceArn": "arn:aws:s3:::source/tpcds"}
    first = lake_formation.get_effective_permissions_for_path(**path, MaxResults=1)
    second = lake_formation.get_effective_permissions_for_path(**path, MaxResults=1, NextToken=first["NextToken"])
    assert first["Permissions"] and second["Permissions"] != first["Permissions"], second
    assert lake_formation.batch_revoke_permissions(CatalogId=MESH, Entries=entries)["Failures"] == []
    failures = lake_formation.batch_revoke_permissions(CatalogId=MESH, Entries=entries)["Failures"]
    assert [failure["RequestEntry"] for failure in failures] == entries, failures
    assert {failure["Error"]["ErrorCode"] for failure in failures} == {"InvalidInputException"}, failures
    for one in ("some", "more"):
        lake_formation.delete_data_cells_filter(**{**cells, "Name": one})


@part("S2-48")
def the_resource_policy_of_the_catalog_is_kept() -> None:
    glue = client("glue", PRODUCER)
    assert glue.get_catalog(CatalogId=PRODUCER)["Catalog"]["CatalogId"] == PRODUCER
    missing = glue.exceptions.EntityNotFoundException
    refused(missing, glue.get_resource_policy)
    refused(missing, glue.delete_resource_policy)
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    written = glue.put_resource_policy(PolicyInJson=policy, PolicyExistsCondition="NOT_EXIST")["PolicyHash"]
    failed = glue.exceptions.ConditionCheckFailureException
    refused(failed, glue.put_resource_policy, PolicyInJson=policy, PolicyExistsCondition="NOT_EXIST")
    refused(failed, glue.put_resource_policy, PolicyInJson=policy, PolicyHashCondition="another")
    found = glue.get_resource_policy(ResourceArn=f"arn:aws:glue:{REGION}:{PRODUCER}:catalog")
    assert (found["PolicyInJson"], found["PolicyHash"]) == (policy, written), found
    listed = glue.get_paginator("get_resource_policies").paginate().search("GetResourcePoliciesResponseList[]")
    assert [one["PolicyHash"] for one in listed] == [written]
    glue.delete_resource_policy(PolicyHashCondition=written)
    refused(missing, glue.get_resource_policy)


@part("S2-25 S2-09")
def tables_are_replaced_by_links_and_all_is_taken_down() -> None:
    source, glue = client("glue", PRODUCER), client("glue", MESH)
    target = {"CatalogId": MESH, "DatabaseName": MESH_DATABASE, "Name": "web_sales"}
    source.delete_table(DatabaseName="tpcds", Name="web_sales")
    refused(source.exceptions.EntityNotFoundException, source.delete_table, DatabaseName="tpcds", Name="web_sales")
    source.create_table(DatabaseName="tpcds", TableInput={"Name": "web_sales", "TargetTable": target})
    answer = glue.batch_delete_table(DatabaseName=MESH_DATABASE, TablesToDelete=["web_sales", "nothing"])
    assert [error["TableName"] for error in answer["Errors"]] == ["nothing"], answer
    glue.delete_database(Name=MESH_DATABASE)
    refused(glue.exceptions.EntityNotFoundException, glue.delete_database, Name=MESH_DATABASE)


def main() -> None:
    results: dict[str, str] = {}
    for name, play in PARTS.items():
        try:
            play()
            results[name] = "ok"
        except Exception:  # Whatever goes wrong in a part is its result; the others are played all the same.
            results[name] = traceback.format_exc()
    print(json.dumps(results))


main()
