class ZohoMcp < Formula
  desc "$description"
  homepage "$home"
  version "$version"
  license "MIT"

  on_macos do
    on_arm do
      url "$release/zoho-mcp-aarch64-apple-darwin.tar.gz"
      sha256 "$aarch64_apple_darwin"
    end
    on_intel do
      url "$release/zoho-mcp-x86_64-apple-darwin.tar.gz"
      sha256 "$x86_64_apple_darwin"
    end
  end

  on_linux do
    on_arm do
      url "$release/zoho-mcp-aarch64-unknown-linux-musl.tar.gz"
      sha256 "$aarch64_unknown_linux_musl"
    end
    on_intel do
      url "$release/zoho-mcp-x86_64-unknown-linux-musl.tar.gz"
      sha256 "$x86_64_unknown_linux_musl"
    end
  end

  def install
    bin.install "zoho-mcp"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/zoho-mcp --version")
    assert_match "count", shell_output("#{bin}/zoho-mcp --sandbox call count_records '{\"module\":\"Cases\"}'")
  end
end
