//! One browser with a profile of its own, and what a reader does with it.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use gongxin_kernel::new_uuid;
use gongxin_testkit::{PATIENCE, eventually, setting};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How wide and high the page is shown, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    width: u32,
    height: u32,
    is_phone: bool,
}

/// On a desk.
pub(crate) const DESKTOP: Screen = Screen { width: 1280, height: 900, is_phone: false };
/// In a hand.
pub(crate) const PHONE: Screen = Screen { width: 390, height: 844, is_phone: true };

/// A browser at work; it and its driver die with the value.
#[derive(Debug)]
pub(crate) struct Browser {
    client: Client,
    driver: Child,
    profile: PathBuf,
    screen: Screen,
}

impl Browser {
    /// Starts one with an empty profile.
    pub(crate) async fn open(screen: Screen) -> Self {
        let (driver, url) = start_driver();
        let state = PathBuf::from(setting("GONGXIN_TEST_STATE"));
        let profile = state.join(format!("browser-{}", new_uuid().simple()));
        let Value::Object(wishes) = capabilities(&profile, screen) else { unreachable!() };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(wishes).connect(&url).await;
        let client = client.expect("the driver starts chromium");
        Self { client, driver, profile, screen }
    }

    /// Opens the page at `url`.
    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Types into the field that has this name; the page must show a label for it.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let label = self.find(Locator::Css(&format!("label[for='{name}']"))).await;
        assert!(label.is_displayed().await.unwrap(), "{name} has no label");
        let field = self.find(Locator::Css(&format!("[name='{name}']"))).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses the button that this selector finds, and waits for the next page.
    pub(crate) async fn press(&self, selector: &str) {
        self.click(Locator::Css(selector)).await;
    }

    /// Follows the link with exactly this text, and waits for the next page.
    pub(crate) async fn follow(&self, text: &str) {
        self.click(Locator::LinkText(text)).await;
    }

    /// What the reader sees: the text of the page without what is hidden.
    pub(crate) async fn text(&self) -> String {
        self.find(Locator::Css("body")).await.text().await.unwrap()
    }

    /// Everything the browser was given.
    pub(crate) async fn source(&self) -> String {
        self.client.source().await.unwrap()
    }

    /// The page is as wide as the screen: nothing has to be scrolled sideways.
    pub(crate) async fn fits(&self) {
        let script = "const page = document.documentElement; return [innerWidth, page.scrollWidth]";
        let widths = self.client.execute(script, Vec::new()).await.unwrap();
        let wide = |index: usize| widths[index].as_u64().unwrap();
        let url = self.client.current_url().await.unwrap();
        assert!(wide(1) <= wide(0), "{url} is {} wide on a screen of {}", wide(1), wide(0));
        assert_eq!(wide(0), u64::from(self.screen.width), "{url}");
    }

    async fn click(&self, what: Locator<'_>) {
        let old = self.find(Locator::Css("html")).await;
        self.find(what).await.click().await.unwrap();
        let gone = async || old.tag_name().await.is_err().then_some(());
        eventually("the next page", gone).await;
    }

    async fn find(&self, what: Locator<'_>) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(what).await;
        found.unwrap_or_else(|error| panic!("no {what:?} on the page: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver leads a process group; the browser with its helpers is in it.
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// Starts chromedriver on a port of its own choice; gives it with its address.
fn start_driver() -> (Child, String) {
    let missing = "the browser tests need the programs chromium and chromedriver \
                   (Debian: apt install chromium chromium-driver)";
    let is_there = |program: &str| {
        let mut asks = Command::new(program);
        let asks = asks.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        asks.status().is_ok_and(|status| status.success())
    };
    assert!(is_there("chromium") && is_there("chromedriver"), "{missing}");
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = said.find_map(|line| {
        let line = line.unwrap();
        let (_, port) = line.split_once("started successfully on port ")?;
        Some(port.trim_end_matches('.').to_owned())
    });
    // Somebody must go on listening, or the driver ends at its next word.
    std::thread::spawn(move || said.for_each(drop));
    (driver, format!("http://127.0.0.1:{}", port.expect("chromedriver says its port")))
}

fn capabilities(profile: &Path, screen: Screen) -> Value {
    let Screen { width, height, is_phone } = screen;
    let mut options = json!({ "args": [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=zh-CN",
        format!("--window-size={width},{height}"), format!("--user-data-dir={}", profile.display()),
    ]});
    if is_phone {
        options["mobileEmulation"] = json!({ "deviceMetrics": {
            "width": width, "height": height, "pixelRatio": 1.0, "touch": true, "mobile": true,
        }});
    }
    json!({ "goog:chromeOptions": options })
}
