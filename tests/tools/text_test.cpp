// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <sstream>

#include <tests/support/sockets.hpp>
#include <tools/common/address_text.hpp>
#include <tools/common/arguments.hpp>
#include <tools/common/base64.hpp>
#include <tools/common/clock_text.hpp>
#include <tools/common/hexdump.hpp>
#include <tools/common/json_line.hpp>

namespace portsock::tests {
namespace {

using namespace tools;

TEST(Text, OfJsonEscapesWhatItMust) {
  EXPECT_EQ(json_string("a\"b\\c\n\r\t\x01/"), R"("a\"b\\c\n\r\t\u0001/")");
  EXPECT_EQ(json_string("Gr\u00fc\u00dfe \U0001f30d"), "\"Gr\u00fc\u00dfe \U0001f30d\"");
}

TEST(Text, OfJsonIsUtf8WhateverItIsMadeOf) {
  // Overlong, a surrogate, above U+10FFFF, cut short.
  for (const std::string_view wrong :
       {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    const auto text = json_string(wrong);
    EXPECT_TRUE(text.starts_with("\"\xef\xbf\xbd")) << text;
    EXPECT_EQ(text.size(), 2 + 3 * wrong.size());
  }
}

TEST(Text, OfAnObjectKeepsItsOrder) {
  json_line line;
  line.text("event", "left").number("id", std::uint64_t{7}).number("seconds", 0.25);
  line.truth("cut", true).number("rate", std::numeric_limits<double>::infinity());
  EXPECT_EQ(line.line(),
            "{\"event\":\"left\",\"id\":7,\"seconds\":0.250000,\"cut\":true,\"rate\":null}\n");
}

TEST(Text, OfContentIsBase64WhenNobodyCouldReadIt) {
  EXPECT_EQ(json_line{}.content(as_bytes("a\tb\r\n")).object(), R"({"text":"a\tb\r\n"})");
  EXPECT_EQ(json_line{}.content(as_bytes("\x1b[2J")).object(), R"({"base64":"G1sySg=="})");
  EXPECT_EQ(json_line{}.content(as_bytes("\xff")).object(), R"({"base64":"/w=="})");
}

// RFC 4648, section 10.
TEST(Text, OfBase64IsThatOfTheStandard) {
  const std::pair<std::string_view, std::string_view> rows[] = {{"", ""},
                                                                {"f", "Zg=="},
                                                                {"fo", "Zm8="},
                                                                {"foo", "Zm9v"},
                                                                {"foob", "Zm9vYg=="},
                                                                {"fooba", "Zm9vYmE="},
                                                                {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : rows) EXPECT_EQ(base64(as_bytes(bytes)), text);
}

TEST(Text, OfANumberBetweenTwoIsThatOfTheEvenOne) {
  EXPECT_EQ(tools::decimal(0.5, 0), "0");
  EXPECT_EQ(tools::decimal(1.5, 0), "2");
  EXPECT_EQ(tools::decimal(2.5, 0), "2");
  EXPECT_EQ(tools::decimal(0.125, 2), "0.12");
  EXPECT_EQ(tools::decimal(-0.375, 2), "-0.38");
  EXPECT_EQ(tools::decimal(1e300, 3).size(), 305u);
}

TEST(Text, OfADumpShowsOffsetsHexadecimalAndAscii) {
  EXPECT_EQ(hexdump("< ", 0x10, as_bytes("0123456789abcdef!\n")),
            "< 00000010  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
            "< 00000020  21 0a                                             |!.|\n");
  EXPECT_TRUE(hexdump("", std::uint64_t{1} << 32U, as_bytes("x")).starts_with("0000000100000000 "));
  EXPECT_EQ(hexdump("", 0, {}), "");
}

TEST(Text, OfADumpIsTheSameWrittenByPieces) {
  const auto data = pattern(40'000);
  std::ostringstream output;

  EXPECT_TRUE(write_hexdump(output, "< ", 5, data));

  EXPECT_EQ(output.str(), hexdump("< ", 5, data));
}

TEST(Text, OfAMomentIsThatOfRfc3339) {
  using namespace std::chrono;
  const auto leap_day = sys_days{year{2024} / 2 / 29} + 12h + 34min + 56s + 789ms;
  EXPECT_EQ(utc(leap_day), "2024-02-29T12:34:56.789Z");
}

TEST(Text, OfAnAmountHasThreeDigits) {
  EXPECT_EQ(amount(0), "0 B");
  EXPECT_EQ(amount(999), "999 B");
  EXPECT_EQ(amount(1500), "1.50 kB");
  EXPECT_EQ(amount(99'960), "100 kB");
  EXPECT_EQ(amount(12.34e6), "12.3 MB");
  EXPECT_EQ(amount(2e9), "2.00 GB");
}

TEST(Text, OfANumberMayHaveAUnit) {
  EXPECT_EQ(number_argument("--n", "500", 1000), 500u);
  EXPECT_EQ(number_argument("--n", "64k", 100'000), 64'000u);
  EXPECT_EQ(number_argument("--n", "1Gi", UINT64_MAX), 1u << 30U);
  for (const auto* wrong :
       {"", "k", "-1", "1.5", "1001", "2k", "1 k", "1kB", "99999999999999999999"})
    EXPECT_THROW(number_argument("--n", wrong, 1000), CLI::ValidationError) << wrong;
}

TEST(Text, OfAnAddressHasItsParts) {
  const auto whole = split_address("udp://[::1]:53/");
  EXPECT_EQ(whole.over, transport::udp);
  EXPECT_EQ(whole.host, "[::1]");
  EXPECT_EQ(whole.port, "53");
  EXPECT_EQ(split_address("localhost:http").port, "http");
  EXPECT_EQ(split_address("2001:db8::1").host, "2001:db8::1");
  EXPECT_EQ(split_address("2001:db8::1").port, std::nullopt);
  EXPECT_EQ(split_address("fe80::1%eth0").host, "fe80::1%eth0");
  for (const auto* wrong : {"ftp://x", ":80", "[::1", "::1]", "[::1]x:80", "x[::1]:80"})
    EXPECT_THROW(split_address(wrong), CLI::ValidationError) << wrong;
}

TEST(Text, OfALocalAddressIsAPath) {
  EXPECT_EQ(split_local("unix:/run/app.sock")->at.text(), "/run/app.sock");
  EXPECT_EQ(split_local("unix:///run/app.sock")->at.text(), "/run/app.sock");
  EXPECT_EQ(split_local("unix:C:/app.sock")->at.text(), "C:/app.sock");
  EXPECT_FALSE(split_local("unix:./a")->datagrams);
  EXPECT_TRUE(split_local("unix-dgram:a")->datagrams);
  for (const auto* other : {"unix", "unixes:/a", "localhost:80", "/run/app.sock"})
    EXPECT_FALSE(split_local(other)) << other;
  EXPECT_THROW(split_local("unix:"), CLI::ValidationError);
  EXPECT_THROW(split_local("unix:" + std::string(local_address::limit() + 1, 'x')),
               CLI::ValidationError);
}

TEST(Text, OfAPortMayNameAService) {
  EXPECT_EQ(port_argument("0"), 0);
  EXPECT_EQ(port_argument("65535"), 65535);
  for (const auto* wrong : {"65536", "-1", "", "no-such-service", "a service", "8 0"})
    EXPECT_THROW(port_argument(wrong), CLI::ValidationError) << wrong;
  if (!resolve("127.0.0.1", "http", transport::tcp)) GTEST_SKIP() << "no services are known here";
  EXPECT_EQ(port_argument("http"), 80);
}

}  // namespace
}  // namespace portsock::tests
