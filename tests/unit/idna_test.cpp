// SPDX-License-Identifier: MIT
#include <core/src/idna.hpp>

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace {

using namespace std::string_view_literals;
using portsock::detail::to_ascii;

// UTF-8 in u8 literals, whatever the compiler takes the source's encoding to be.
std::string utf8(std::u8string_view text) { return {text.begin(), text.end()}; }

std::string repeated(std::string_view part, int times) {
  std::string all;
  for (; times != 0; --times) all += part;
  return all;
}

struct encoding {
  const char* what;
  std::u8string_view unicode;
  std::string_view ascii;
};

// RFC 3492, 7.1, with ASCII letters in lower case as host names have them.
constexpr encoding rfc3492_samples[] = {
    {"(A) Arabic",
     u8"\u0644\u064A\u0647\u0645\u0627\u0628\u062A\u0643\u0644\u0645\u0648\u0634\u0639\u0631"
     u8"\u0628\u064A\u061F",
     "xn--egbpdaj6bu4bxfgehfvwxn"},
    {"(B) Chinese, simplified", u8"\u4ED6\u4EEC\u4E3A\u4EC0\u4E48\u4E0D\u8BF4\u4E2D\u6587",
     "xn--ihqwcrb4cv8a8dqg056pqjye"},
    {"(C) Chinese, traditional", u8"\u4ED6\u5011\u7232\u4EC0\u9EBD\u4E0D\u8AAA\u4E2D\u6587",
     "xn--ihqwctvzc91f659drss3x8bo0yb"},
    {"(D) Czech", u8"Pro\u010Dprost\u011Bnemluv\u00ED\u010Desky",
     "xn--proprostnemluvesky-uyb24dma41a"},
    {"(E) Hebrew",
     u8"\u05DC\u05DE\u05D4\u05D4\u05DD\u05E4\u05E9\u05D5\u05D8\u05DC\u05D0\u05DE\u05D3\u05D1"
     u8"\u05E8\u05D9\u05DD\u05E2\u05D1\u05E8\u05D9\u05EA",
     "xn--4dbcagdahymbxekheh6e0a7fei0b"},
    {"(G) Japanese",
     u8"\u306A\u305C\u307F\u3093\u306A\u65E5\u672C\u8A9E\u3092\u8A71\u3057\u3066\u304F\u308C"
     u8"\u306A\u3044\u306E\u304B",
     "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"},
    {"(I) Russian",
     u8"\u043F\u043E\u0447\u0435\u043C\u0443\u0436\u0435\u043E\u043D\u0438\u043D\u0435\u0433"
     u8"\u043E\u0432\u043E\u0440\u044F\u0442\u043F\u043E\u0440\u0443\u0441\u0441\u043A\u0438",
     "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"},
    {"(J) Spanish", u8"Porqu\u00E9nopuedensimplementehablarenEspa\u00F1ol",
     "xn--porqunopuedensimplementehablarenespaol-fmd56a"},
    {"(K) Vietnamese", u8"T\u1EA1isaoh\u1ECDkh\u00F4ngth\u1EC3ch\u1EC9n\u00F3iti\u1EBFngVi\u1EC7t",
     "xn--tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g"},
    {"(L) digits first", u8"3\u5E74B\u7D44\u91D1\u516B\u5148\u751F",
     "xn--3b-ww4c5e180e575a65lsy2b"},
    {"(M) hyphens", u8"\u5B89\u5BA4\u5948\u7F8E\u6075-with-SUPER-MONKEYS",
     "xn---with-super-monkeys-pc58ag80a8qai00g7n9n"},
    {"(N) Hello-Another-Way", u8"Hello-Another-Way-\u305D\u308C\u305E\u308C\u306E\u5834\u6240",
     "xn--hello-another-way--fc4qua05auwb3674vfr0b"},
    {"(O) a digit last", u8"\u3072\u3068\u3064\u5C4B\u6839\u306E\u4E0B2",
     "xn--2-u9tlzr9756bt3uc0v"},
    {"(P) Maji", u8"Maji\u3067Koi\u3059\u308B5\u79D2\u524D", "xn--majikoi5-783gue6qz075azm5e"},
    {"(Q) de runba", u8"\u30D1\u30D5\u30A3\u30FCde\u30EB\u30F3\u30D0", "xn--de-jg4avhby1noc0d"},
    {"(R) no ASCII", u8"\u305D\u306E\u30B9\u30D4\u30FC\u30C9\u3067", "xn--d9juau41awczczp"},
};

TEST(HostName, BecomesWhatRfc3492Lists) {
  for (const auto& [what, unicode, ascii] : rfc3492_samples)
    EXPECT_EQ(to_ascii(utf8(unicode)), ascii) << what;
}

TEST(HostName, IsEncodedLabelByLabel) {
  EXPECT_EQ(to_ascii(utf8(u8"b\u00FCcher.example")), "xn--bcher-kva.example");
  EXPECT_EQ(to_ascii(utf8(u8"WWW.B\u00FCcher.Example")), "WWW.xn--bcher-kva.Example");
  EXPECT_EQ(to_ascii(utf8(u8"\U0001F4A9.la")), "xn--ls8h.la");
}

TEST(HostName, OfAsciiAlonePassesUnchanged) {
  for (const auto* name : {"localhost", "Example.COM", "_sip._tcp.example", "xn--bcher-kva.example",
                           "192.0.2.1", "a."})
    EXPECT_EQ(to_ascii(name), name);
}

TEST(HostName, MayUseTheDotsOfEastAsia) {
  EXPECT_EQ(to_ascii(utf8(u8"a\u3002b\uFF0Ec\uFF61d")), "a.b.c.d");
  EXPECT_EQ(to_ascii(utf8(u8"b\u00FCcher\u3002example\u3002")), "xn--bcher-kva.example.");
}

TEST(HostName, WithAnEmptyLabelIsRefused) {
  for (const auto* name : {"", ".", "..", ".a", "a..b", "a.."})
    EXPECT_FALSE(to_ascii(name)) << name;
}

TEST(HostName, WithControlCharactersOrSpacesIsRefused) {
  for (const auto name : {"a\0b"sv, "a b"sv, "a\tb"sv, "a\n"sv, "\x7f"sv, "\xc2\x80"sv,
                          "\xc2\xa0"sv, "a\xe2\x80\x83z"sv, "\xe2\x80\xa8"sv, "\xe3\x80\x80"sv})
    EXPECT_FALSE(to_ascii(name)) << testing::PrintToString(name);
}

TEST(HostName, ThatIsNotUtf8IsRefused) {
  for (const auto name : {
           "\xfc"sv,              // Latin-1
           "\x80"sv,              // a continuation alone
           "\xc0\xae"sv,          // overlong dot
           "\xe0\x80\xaf"sv,      // overlong in three bytes
           "\xf0\x82\x82\xac"sv,  // overlong in four
           "\xed\xa0\x80"sv,      // a surrogate
           "\xed\xbf\xbf"sv,
           "\xf4\x90\x80\x80"sv,  // behind U+10FFFF
           "\xf8\x88\x80\x80\x80"sv,
           "\xff"sv,
           "\xc3"sv,  // truncated
           "\xe2\x82"sv,
           "\xf0\x9f\x92"sv,
           "\xe2\x82.a"sv,
       })
    EXPECT_FALSE(to_ascii(name)) << testing::PrintToString(name);
}

TEST(HostName, TakesTheFirstAndTheLastCodePointOfEachLength) {
  for (const auto name : {"\xc2\xa1"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xef\xbf\xbf"sv,
                          "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "\xed\x9f\xbf"sv})
    EXPECT_TRUE(to_ascii(name)) << testing::PrintToString(name);
}

TEST(HostName, HasLabelsOf63Bytes) {
  EXPECT_TRUE(to_ascii(repeated("a", 63)));
  EXPECT_FALSE(to_ascii(repeated("a", 64)));

  const auto umlaut = utf8(u8"\u00FC");
  std::string longest = "a" + umlaut;
  while (const auto longer = to_ascii("a" + longest)) longest.insert(0, "a");
  EXPECT_EQ(to_ascii(longest)->size(), 63u);
  EXPECT_FALSE(to_ascii(repeated(umlaut, 64)));
}

TEST(HostName, Has253BytesAndPerhapsADot) {
  const std::string longest = repeated(repeated("a", 62) + ".", 4) + "a";  // 4 * 63 + 1
  EXPECT_EQ(to_ascii(longest), longest);
  EXPECT_EQ(to_ascii(longest + "."), longest + ".");
  EXPECT_FALSE(to_ascii(longest + "a"));
  EXPECT_FALSE(to_ascii(longest + "a."));
}

TEST(HostName, ThatClaimsToBeEncodedAndIsNotIsRefused) {
  EXPECT_FALSE(to_ascii(utf8(u8"xn--b\u00FCcher")));
  EXPECT_FALSE(to_ascii(utf8(u8"XN--b\u00FCcher.example")));
}

TEST(HostName, OfTheLargestCodePointsDoesNotOverflow) {
  for (int count = 1; count != 64; ++count) {
    const auto ascii = to_ascii(repeated("\xf4\x8f\xbf\xbf", count));
    EXPECT_EQ(ascii.has_value(), count <= 55) << count;
  }
}

}  // namespace
