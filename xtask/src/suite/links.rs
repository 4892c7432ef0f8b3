//! What a person at this terminal may open now.

use super::Suite;

impl Suite {
    /// Prints the addresses, with the warning that belongs to the demo's identity provider.
    pub(super) fn print_links(&self) {
        println!(
            "
  执法管理 intake       {intake}/reports
  执法运行 review       {review}/cases
  procuratorate         {simulator}/   (simulator)
  traces                {viewer}/
  sign-in               {issuer}/   (demo issuer: pick an officer, no password)

  !! The demo issuer signs in anybody as anybody. It listens on loopback only. Never use it
  !! where real cases are.

Ctrl-C stops everything and removes its data.",
            intake = self.url("intake"),
            review = self.url("review"),
            simulator = self.url("simulator"),
            viewer = self.url("trace-viewer"),
            issuer = self.url("issuer"),
        );
    }
}
