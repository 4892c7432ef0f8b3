//! The program `issuer`: what it says at start, and where it refuses to listen.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::world::{STAFF, World};

/// A folder with the staff file; the key is made in it.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).expect("the target folder can be written to");
    std::fs::write(folder.join("staff.json"), STAFF).expect("so can this one");
    folder
}

fn start(folder: &PathBuf, listen: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_issuer"))
        .current_dir(folder)
        .args(["--listen", listen, "--staff", "staff.json", "--key", "key.pem"])
        .args(["--client", "intake=http://127.0.0.1:8001/signed-in"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

#[tokio::test]
async fn it_warns_tells_its_address_and_gives_tokens() {
    let folder = folder("issuer-starts");
    let mut child = start(&folder, "127.0.0.1:0");
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let world = World { url: url.trim_end().to_owned() };

    let answer = world.post("/demo/token", &vec![("police_number", "100400")]).await.json();
    let claims = world.verified(answer["access_token"].as_str().unwrap(), "gongxin").await;
    child.kill().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();

    assert_eq!(claims.unwrap()["name"], "赵静");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("DEMO ONLY 仅供演示"), "{said}");
    assert!(folder.join("key.pem").exists());
}

#[test]
fn it_refuses_an_address_that_other_machines_can_reach() {
    let folder = folder("issuer-refuses");
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let output = start(&folder, listen).wait_with_output().unwrap();
        assert!(!output.status.success(), "{listen}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("is not a loopback address"), "{said}");
        assert!(output.stdout.is_empty());
    }
}
