//! The relations of the worlds, without a server.

use std::collections::{HashMap, HashSet};

use super::*;
use chrono::DateTime;

fn world(name: WorldName) -> World {
    World::new(name, DateTime::from_timestamp(1_800_000_000, 0).unwrap(), None).unwrap()
}

fn group(world: &World, name: &str) -> usize {
    world.rows("groups").iter().position(|row| row["displayName"] == name).unwrap()
}

/// Checks that every user but the top and the guests has a manager, without circles.
fn assert_tree(world: &World, guests: &HashSet<usize>) {
    let managers = world.managers();
    let above = |who: usize| std::iter::successors(Some(who), |who| managers[*who]);
    let tops: HashSet<_> = (0..managers.len())
        .filter(|who| managers[*who].is_none() && !guests.contains(who))
        .collect();
    assert_eq!(tops.len(), 1, "{tops:?}");
    for who in (0..managers.len()).filter(|who| !guests.contains(who)) {
        let chain: Vec<_> = above(who).take(20).collect();
        assert!(chain.len() < 20 && tops.contains(chain.last().unwrap()), "{chain:?}");
        assert!(chain.iter().all(|who| !guests.contains(who)));
    }
    assert!(guests.iter().all(|guest| managers[*guest].is_none()));
}

#[test]
fn nothing_is_worked_out_before_it_is_asked_for() {
    let world = world(WorldName::Demo);
    assert!(world.collection("groups").len() > 100);
    let relations = &world.relations;
    assert!(relations.staff.get().is_none() && relations.circles.get().is_none());
    assert!(!world.nodes("groups", 1, "members").is_empty());
    assert!(relations.circles.get().is_some() && relations.managers.get().is_none());
    assert!(relations.member_of.get().is_none());
    // Not even the users, which need the sign-ins.
    assert!(world.kept["users"].rows.get().is_none() && world.sign_ins.get().is_none());
}

#[test]
fn the_company_is_a_tree() {
    let world = world(WorldName::Demo);
    let staff = world.staff();
    let guests: HashSet<_> = staff.all(true).into_iter().collect();
    assert_eq!(guests.len(), 71);
    assert_tree(&world, &guests);
    let reports: Vec<_> = world.reports().iter().map(Vec::len).collect();
    assert!(*reports.iter().max().unwrap() <= 20);
    assert_eq!(reports.iter().sum::<usize>(), staff.count() - guests.len() - 1);
}

#[test]
fn the_same_world_has_the_same_relations() {
    let (one, two) = (world(WorldName::Demo), world(WorldName::Demo));
    assert_eq!(one.managers(), two.managers());
    let members =
        |world: &World| world.circles().iter().map(|c| c.members.clone()).collect::<Vec<_>>();
    assert_eq!(members(&one), members(&two));
}

#[test]
fn departments_fill_their_groups() {
    let world = world(WorldName::Demo);
    let users = world.rows("users");
    for (department, _) in &world.setting.departments {
        let members = world.nodes("groups", group(&world, department), "members");
        let named = |at: &usize| users[*at]["department"] == department.as_str();
        let named: Vec<_> = (0..users.len()).filter(named).map(Node::User).collect();
        assert!(named.len() > 20 && members == named, "{department}");
    }
    assert!(world.nodes("groups", group(&world, "Nothing"), "members").is_empty());
}

#[test]
fn nested_groups_are_followed_once() {
    let world = world(WorldName::Demo);
    let (vpn, nested) = (group(&world, "VPN Users"), group(&world, "SG-IT"));
    let direct = world.nodes("groups", vpn, "members");
    let all = world.nodes("groups", vpn, "transitiveMembers");
    assert!(direct.contains(&Node::Group(nested)) && all.len() > direct.len() + 6);
    let office = group(&world, "SG-IT-hamburg");
    assert!(all.contains(&Node::Group(office)) && !direct.contains(&Node::Group(office)));
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    assert!(!all.contains(&Node::Group(vpn)));
    // A small group is not told apart from a deep one by its flat list.
    let plain = group(&world, "Break Glass");
    assert_eq!(world.nodes("groups", plain, "transitiveMembers"), [Node::User(3)]);
}

#[test]
fn role_groups_are_small_and_one_holds_a_service() {
    let world = world(WorldName::Demo);
    let rows = world.rows("groups");
    let roles = (0..rows.len()).filter(|at| rows[*at]["isAssignableToRole"] == true);
    let members: Vec<_> = roles.map(|at| world.nodes("groups", at, "members")).collect();
    assert!(members.len() == 3 && members.iter().all(|m| (1..=5).contains(&m.len())));
    let service = |node: &&Node| matches!(node, Node::Service(_));
    assert_eq!(members.iter().flatten().filter(service).count(), 1);
    // Groups in role-assignable groups are not allowed.
    assert!(!members.iter().flatten().any(|node| matches!(node, Node::Group(_))));
}

#[test]
fn member_of_is_members_read_backwards() {
    // With few users the named ones are also among those picked by chance.
    let small = WorldName::Bulk { sign_ins: 0, users: 15 };
    for world in [WorldName::Tiny, WorldName::Demo, small].map(world) {
        let mut pairs = HashMap::new();
        for (at, circle) in world.circles().iter().enumerate() {
            assert_eq!(circle.members.iter().collect::<HashSet<_>>().len(), circle.members.len());
            for node in &circle.members {
                pairs.entry(*node).or_insert_with(Vec::new).push(Node::Group(at));
            }
        }
        for (node, groups) in pairs.iter().filter(|(node, _)| !matches!(node, Node::Service(_))) {
            let (collection, at) = node.place();
            assert_eq!(&world.nodes(collection, at, "memberOf"), groups);
        }
    }
}

#[test]
fn the_tiny_world_has_the_edge_cases() {
    let world = world(WorldName::Tiny);
    assert_tree(&world, &HashSet::from([14, 15]));
    assert!(world.reports()[1].len() > 20);
    let sizes: Vec<_> = world.circles().iter().map(|circle| circle.members.len()).collect();
    assert!(sizes.contains(&0) && sizes.iter().any(|size| *size > 20));
    // Every id in the file was found.
    assert_eq!(sizes, [24, 2, 3, 1, 3, 0, 2, 4, 2, 2]);
    let owners: Vec<_> = world.circles().iter().map(|circle| circle.owners.len()).collect();
    assert_eq!(owners, [2, 1, 2, 1, 1, 0, 0, 0, 1, 1]);
}

#[test]
fn the_ground_truth_names_types() {
    let world = world(WorldName::Tiny);
    let keepers = world.rows("groups")[2]["id"].as_str().unwrap().to_owned();
    let members = world.related("groups", &keepers, "members");
    let kinds: Vec<_> = members.iter().map(|row| row["@odata.type"].as_str().unwrap()).collect();
    let (user, service) = ("#microsoft.graph.user", "#microsoft.graph.servicePrincipal");
    assert_eq!(kinds, [user, user, service]);
    assert_eq!(members[0]["displayName"], world.rows("users")[0]["displayName"]);
    assert!(world.related("groups", "nobody", "members").is_empty());
    assert!(world.related("groups", &keepers, "manager").is_empty());
    assert!(world.related("signIns", &keepers, "members").is_empty());
}

#[test]
fn bulk_users_have_managers_too() {
    for users in [1, 5, 3_000] {
        let world = world(WorldName::Bulk { sign_ins: 0, users });
        assert_tree(&world, &HashSet::new());
        let inside = |node: &Node| !matches!(node, Node::User(at) if *at >= users);
        assert!(world.circles().iter().all(|c| c.members.iter().chain(&c.owners).all(inside)));
    }
}

#[test]
fn the_first_service_principals_are_those_that_sign_in() {
    let world = world(WorldName::Demo);
    let rows = world.rows("servicePrincipals");
    for (service, row) in world.setting.services.iter().zip(rows.iter()) {
        assert_eq!(
            (&row["id"], &row["displayName"]),
            (&service.id.as_str().into(), &service.name.as_str().into())
        );
    }
}

#[test]
fn a_registration_has_the_app_id_of_its_service_principal() {
    let world = world(WorldName::Demo);
    let services = world.rows("servicePrincipals");
    let apps = world.rows("applications");
    for app in apps.iter() {
        let own = services.iter().find(|service| service["appId"] == app["appId"]).unwrap();
        assert_eq!(own["displayName"], app["displayName"]);
    }
    let foreign = |name: &str| !apps.iter().any(|app| app["displayName"] == name);
    assert!(foreign("Inbox Helper Pro") && foreign("Microsoft Graph"));
}

#[test]
fn a_grant_and_a_wanted_permission_are_offered_by_a_service_principal() {
    let world = world(WorldName::Demo);
    let services = world.rows("servicePrincipals");
    let named = |member: &str, id: &Value| {
        services.iter().find(|service| service[member] == *id).unwrap_or_else(|| panic!("{id}"))
    };
    for grant in world.rows("oauth2PermissionGrants").iter() {
        named("id", &grant["clientId"]);
        let api = named("id", &grant["resourceId"]);
        let offered = api["oauth2PermissionScopes"].as_array().unwrap();
        for scope in grant["scope"].as_str().unwrap().split_whitespace() {
            assert!(offered.iter().any(|known| known["value"] == scope), "{scope}");
        }
    }
    for app in world.rows("applications").iter() {
        for wanted in app["requiredResourceAccess"].as_array().unwrap() {
            let api = named("appId", &wanted["resourceAppId"]);
            for access in wanted["resourceAccess"].as_array().unwrap() {
                let list =
                    if access["type"] == "Role" { "appRoles" } else { "oauth2PermissionScopes" };
                let offered = api[list].as_array().unwrap();
                assert!(offered.iter().any(|known| known["id"] == access["id"]), "{access}");
            }
        }
    }
}

#[test]
fn people_sign_in_from_devices_of_the_directory() {
    let world = world(WorldName::Demo);
    let devices = world.rows("devices");
    let known: HashMap<_, _> = devices
        .iter()
        .map(|row| (row["deviceId"].as_str().unwrap(), &row["displayName"]))
        .collect();
    let sign_ins = world.collection("signIns");
    let mut seen = 0;
    for at in (0..sign_ins.len()).step_by(97) {
        let row: Value = serde_json::from_str(&sign_ins.text(at)).unwrap();
        let device = &row["deviceDetail"];
        if device["displayName"].as_str().is_some_and(|name| name.starts_with("HV-"))
            && row["userType"] == "member"
        {
            assert_eq!(known[device["deviceId"].as_str().unwrap()], &device["displayName"]);
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn every_role_held_has_an_instance_and_one_of_them_is_activated() {
    let world = world(WorldName::Demo);
    let held = |name: &str| {
        let rows = world.rows(name);
        let text = |row: &Value, member: &str| row[member].as_str().unwrap().to_owned();
        let pair = |row: &Value| (text(row, "principalId"), text(row, "roleDefinitionId"));
        rows.iter().map(pair).collect::<HashSet<_>>()
    };
    assert_eq!(held("roleAssignments"), held("roleAssignmentScheduleInstances"));
    let instances = world.rows("roleAssignmentScheduleInstances");
    let is_active = |row: &&Value| row["assignmentType"] == "Activated";
    let active: Vec<_> = instances.iter().filter(is_active).collect();
    assert_eq!(active.len(), 1);
    let eligible = world.rows("roleEligibilityScheduleInstances");
    let same = |row: &&Value| {
        row["principalId"] == active[0]["principalId"]
            && row["roleDefinitionId"] == active[0]["roleDefinitionId"]
    };
    assert_eq!(eligible.iter().filter(same).count(), 1);
}

#[test]
fn the_groups_deleted_in_the_story_can_be_restored() {
    let world = world(WorldName::Demo);
    let deleted: HashMap<_, _> = world
        .rows("deletedGroups")
        .iter()
        .map(|row| (row["id"].clone(), row["deletedDateTime"].clone()))
        .collect();
    let audits = world.rows("directoryAudits");
    let attack = audits.iter().filter(|row| {
        row["activityDisplayName"] == "Delete group"
            && row["targetResources"][0]["displayName"]
                .as_str()
                .unwrap()
                .starts_with("Project Archive")
    });
    let mut seen = 0;
    for row in attack {
        let at = &deleted[&row["targetResources"][0]["id"]];
        assert_eq!(at.as_str().unwrap()[..19], row["activityDateTime"].as_str().unwrap()[..19]);
        seen += 1;
    }
    assert_eq!((seen, deleted.len()), (12, 12));
}
