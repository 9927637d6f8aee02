//! The house keeps its own rules: calls go one way, and the one list of commands is the same in
//! the contract, the shell and the window.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use saoy_tests::root;

/// Rooms of the core, lowest first, each with the rooms it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("hex", &[]),
    ("time", &[]),
    ("words", &[]),
    ("calendar", &["time", "words"]),
    ("person", &["words"]),
    ("catalogue", &["calendar", "words"]),
    ("dossier", &["catalogue"]),
    ("code", &["time", "hex"]),
    ("form", &["time"]),
    ("scan", &[]),
    ("separator", &["hex"]),
    ("page", &["hex"]),
    ("pdf", &["page", "hex", "time"]),
    ("sign", &["time", "hex", "words"]),
    ("store", &["catalogue", "dossier", "code", "page", "sign", "time", "hex"]),
    ("isolate", &["page", "pdf", "scan", "sign", "time", "hex"]),
    (
        "app",
        &[
            "calendar",
            "catalogue",
            "dossier",
            "form",
            "person",
            "separator",
            "code",
            "page",
            "pdf",
            "scan",
            "sign",
            "store",
            "isolate",
            "time",
            "words",
            "hex",
        ],
    ),
];

fn sources(folder: &Path, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "{} holds sources", folder.display());
    found
}

/// Names that follow `prefix` in the text, up to the first letter that no name has.
fn names_after<'a>(text: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    let end = |rest: &str| rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    text.match_indices(prefix)
        .map(|(at, _)| &text[at + prefix.len()..])
        .map(|rest| &rest[..end(rest)])
        .collect()
}

#[test]
fn calls_go_one_way_through_the_rooms() {
    let core = root().join("src-tauri/core/src");
    let rooms: BTreeSet<&str> = MAY_IMPORT.iter().map(|(room, _)| *room).collect();
    let on_disk: BTreeSet<String> = fs::read_dir(&core)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "lib")
        .collect();
    assert_eq!(
        on_disk.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        rooms,
        "every room is in the list"
    );

    for (room, allowed) in MAY_IMPORT {
        let folder = core.join(room);
        let files = if folder.is_dir() {
            sources(&folder, "rs")
        } else {
            let file = core.join(format!("{room}.rs"));
            vec![(file.clone(), fs::read_to_string(&file).unwrap())]
        };
        for (path, text) in files {
            let code: String = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            for name in names_after(&code, "crate::") {
                assert!(!name.is_empty(), "{}: one room a line, or this test reads none", path.display());
                let legal = name == *room || allowed.contains(&name) || !rooms.contains(name);
                assert!(legal, "{} may not import {name}", path.display());
            }
        }
    }
}

#[test]
fn the_verifier_shares_nothing_with_the_signing_path() {
    let folder = root().join("src-tauri/core/src/sign/verify");
    for (path, text) in sources(&folder, "rs") {
        let inside = path.strip_prefix(&folder).unwrap();
        if inside.starts_with("tests") || inside == Path::new("tests.rs") {
            continue;
        }
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for name in names_after(&code, "crate::") {
            assert!(["hex", "time"].contains(&name), "{} uses crate::{name}", path.display());
        }
        // As many steps up as lead out of the folder: `mod.rs` stands for the folder it is in.
        let own = usize::from(inside.file_name() != Some("mod.rs".as_ref()));
        let out = "super::".repeat(inside.components().count() - 1 + own + 1);
        assert!(!code.contains(&out), "{} reaches out of the verifier", path.display());
    }
}

#[test]
fn shell_and_command_see_only_the_app() {
    for folder in ["src-tauri/src", "src-tauri/cli/src"] {
        for (path, text) in sources(&root().join(folder), "rs") {
            for name in names_after(&text, "saoy_core::") {
                assert!(["app", "isolate", "default_home"].contains(&name), "{} uses {name}", path.display());
            }
        }
    }
}

#[test]
fn no_child_process_gets_a_secret_of_the_command_line() {
    let core = fs::read_to_string(root().join("src-tauri/core/src/lib.rs")).unwrap();
    let kept = core.split("const SECRETS").nth(1).and_then(|rest| rest.split("];").next()).unwrap();
    let kept = names_after(kept, "\"SAOY_");
    let mut read = BTreeSet::new();
    for (_, text) in sources(&root().join("src-tauri/cli/src"), "rs") {
        let secret = |name: &&str| name.ends_with("PIN") || name.ends_with("PASSPHRASE");
        read.extend(names_after(&text, "\"SAOY_").into_iter().filter(secret).map(str::to_owned));
    }
    assert!(read.len() >= 6, "the command reads secrets from the environment: {read:?}");
    for name in &read {
        assert!(kept.contains(name.as_str()), "children would get SAOY_{name}");
    }
}

#[test]
fn only_one_file_of_the_window_knows_tauri() {
    for ending in ["ts", "svelte"] {
        for (path, text) in sources(&root().join("ui/src"), ending) {
            if path.to_string_lossy().ends_with(".test.ts") {
                continue;
            }
            let knows = text.contains("@tauri-apps");
            assert_eq!(knows, path.ends_with("api/tauri.ts"), "{}", path.display());
        }
    }
}

#[test]
fn the_list_of_commands_is_one_list() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let contract = read("src-tauri/core/src/app/contract.rs");
    let contract: BTreeSet<&str> = contract
        .split(" command(")
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"'))
        .map(|rest| &rest[..rest.find('"').unwrap()])
        .collect();
    assert!(contract.len() >= 20, "the contract lists the commands: {contract:?}");

    let shell = read("src-tauri/src/commands.rs") + &read("src-tauri/src/keys.rs");
    // Each with the system it is for, where there is one for Linux and one for all others.
    let parts: Vec<&str> = shell.split("#[tauri::command").collect();
    let mut named = Vec::new();
    for pair in parts.windows(2) {
        let name = pair[1].split("fn ").nth(1).unwrap();
        let system = pair[0].trim_end().lines().last().filter(|line| line.starts_with("#[cfg("));
        named.push((&name[..name.find(['(', '<']).unwrap()], system));
    }
    let adapters: BTreeSet<&str> = named.iter().map(|(name, _)| *name).collect();
    for name in &adapters {
        let of: Vec<_> = named.iter().filter(|(one, _)| one == name).map(|(_, system)| *system).collect();
        let both = [Some("#[cfg(target_os = \"linux\")]"), Some("#[cfg(not(target_os = \"linux\"))]")];
        assert!(of == [None] || of == both, "{name} is there once on every system: {of:?}");
    }
    for name in &contract {
        assert!(adapters.contains(name), "{name} has no adapter in the shell");
        let allowed = format!("allow-{}", name.replace('_', "-"));
        assert!(read("src-tauri/capabilities/counter.json").contains(&allowed), "{name} is not allowed");
    }
    assert_eq!(adapters.len(), contract.len(), "the shell has adapters nobody lists: {adapters:?}");

    let window: String = sources(&root().join("ui/src"), "ts").into_iter().map(|(_, text)| text).collect();
    let drawn: String = sources(&root().join("ui/src"), "svelte").into_iter().map(|(_, text)| text).collect();
    for name in &contract {
        let called = format!("\"{name}\"");
        assert!(window.contains(&called) || drawn.contains(&called), "the window never calls {name}");
    }
}
