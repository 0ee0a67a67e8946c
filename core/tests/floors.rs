//! The map cannot go stale: the table of `docs/ARCHITECTURE.md` is read here, and every
//! `use crate::…` and `crate::…` of every room is held against it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A room: its floor, and the rooms of its own floor that it may use.
struct Room {
    floor: u32,
    own_floor: Vec<String>,
}

#[test]
fn every_room_uses_only_the_floors_below_it_and_what_the_table_allows() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rooms = table(&fs::read_to_string(core.join("../docs/ARCHITECTURE.md")).unwrap());
    let mut found: BTreeMap<String, bool> = BTreeMap::new();
    let mut wrong = Vec::new();
    for file in sources(&core.join("src")) {
        let relative = file.strip_prefix(core.join("src")).unwrap();
        let first = relative.components().next().unwrap();
        let room = first
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        if room == "lib" {
            continue;
        }
        let Some(here) = rooms.get(&room) else {
            wrong.push(format!(
                "{}: the room `{room}` is not in the table",
                relative.display()
            ));
            continue;
        };
        found.insert(room.clone(), true);
        let text = fs::read_to_string(&file).unwrap();
        // Tests at the bottom of a file may use what they like.
        let text = text.split("\n#[cfg(test)]").next().unwrap();
        for used in crate_paths(text) {
            if used == room {
                continue;
            }
            let Some(there) = rooms.get(&used) else {
                continue;
            };
            let below = there.floor < here.floor;
            let beside = there.floor == here.floor && here.own_floor.contains(&used);
            if !below && !beside {
                wrong.push(format!(
                    "{}: floor {} uses `{used}` of floor {}",
                    relative.display(),
                    here.floor,
                    there.floor
                ));
            }
        }
    }
    for room in rooms.keys() {
        if !found.contains_key(room) {
            wrong.push(format!(
                "the table has a room `{room}` that the house has not"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rows `| floor | room | purpose | own floor |` of the table under "The rooms".
fn table(markdown: &str) -> BTreeMap<String, Room> {
    let mut rooms = BTreeMap::new();
    let mut floor = 0;
    let section = markdown
        .split("## The rooms")
        .nth(1)
        .expect("a section `The rooms`");
    for line in section.lines().skip_while(|l| !l.starts_with('|')) {
        if !line.starts_with('|') {
            break;
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if cells.len() != 4 || cells[0].starts_with("---") || cells[0] == "floor" {
            continue;
        }
        if let Some(number) = cells[0].split_whitespace().next() {
            floor = number.parse().expect("a floor's number");
        }
        let names = |cell: &str| -> Vec<String> {
            cell.split(',')
                .map(|name| name.trim().trim_matches('`').to_owned())
                .filter(|name| !name.is_empty())
                .collect()
        };
        for room in names(cells[1]) {
            let own_floor = names(cells[3]);
            rooms.insert(room, Room { floor, own_floor });
        }
    }
    assert!(rooms.len() > 10, "the table of rooms was not found");
    rooms
}

/// Every `crate::room` in the code, comments left out.
fn crate_paths(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for line in text.lines() {
        let line = line.trim_start();
        if line.starts_with("//") {
            continue;
        }
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            if let Some(group) = rest.strip_prefix('{') {
                for part in group.trim_end_matches([';', '}']).split(',') {
                    all.push(word(part.trim()));
                }
            } else {
                all.push(word(rest));
            }
        }
    }
    all
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_ascii_lowercase() || *c == '_')
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all
}
