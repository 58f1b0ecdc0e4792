// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include <tools/common/svg.hpp>

namespace portsock::tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Svg, EscapesWhatIsMarkup) {
  EXPECT_EQ(in_xml("<a href=\"x\">&amp;</a>"), "&lt;a href=&quot;x&quot;&gt;&amp;amp;&lt;/a&gt;");
}

TEST(Svg, ReplacesWhatXmlCannotWrite) {
  EXPECT_EQ(in_xml("a\x01\x1b\tb\n"), "a\xef\xbf\xbd\xef\xbf\xbd\tb\n");
  EXPECT_EQ(in_xml("\xff\xc3"), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(in_xml("\xef\xbf\xbf"), "\xef\xbf\xbd");
  EXPECT_EQ(in_xml("b\xc3\xbc"), "b\xc3\xbc");
}

TEST(Svg, HasATitleAndADescription) {
  const auto made = svg{10, 20.5, "a < b", "what it shows"}.document();
  EXPECT_THAT(made, HasSubstr("width=\"10\" height=\"20.5\" viewBox=\"0 0 10 20.5\""));
  EXPECT_THAT(made, HasSubstr("role=\"img\" aria-labelledby=\"title description\""));
  EXPECT_THAT(made, HasSubstr("<title id=\"title\">a &lt; b</title>"));
  EXPECT_THAT(made, HasSubstr("<desc id=\"description\">what it shows</desc>"));
  EXPECT_THAT(made, testing::EndsWith("</svg>\n"));
}

TEST(Svg, DrawsWithRoundedCoordinates) {
  svg picture{10, 10, "", ""};
  picture.polyline(std::array{point{0, 1.0 / 3}, point{-0.001, 2}}, "line first");
  EXPECT_THAT(picture.document(),
              HasSubstr("<polyline class=\"line first\" points=\"0,0.33 0,2\"/>\n"));
}

TEST(Svg, PutsANoteIntoTheElementBefore) {
  svg picture{10, 10, "", ""};
  picture.rectangle({1, 2}, 3, 4, "bar").note("5 & 6");
  EXPECT_THAT(picture.document(),
              HasSubstr("<rect class=\"bar\" x=\"1\" y=\"2\" width=\"3\" height=\"4\">"
                        "<title>5 &amp; 6</title></rect>\n"));
}

TEST(Axis, PutsValuesInPlace) {
  const axis up{0, 10, 100, 0};
  EXPECT_DOUBLE_EQ(up.at(0), 100);
  EXPECT_DOUBLE_EQ(up.at(2.5), 75);
  EXPECT_DOUBLE_EQ(up.at(10), 0);
}

TEST(Axis, HasRoundTicks) {
  EXPECT_THAT((axis{0, 10, 0, 1}.ticks(5)), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT((axis{3, 47, 0, 1}.ticks(5)), ElementsAre(10, 20, 30, 40));
  EXPECT_THAT((axis{-0.25, 0.25, 0, 1}.ticks(2)), ElementsAre(testing::DoubleEq(0)));
  EXPECT_THAT((axis{0, 1, 0, 1}.ticks(0)), ElementsAre(0, 1));
}

TEST(Axis, EndsAtARoundNumber) {
  EXPECT_DOUBLE_EQ(axis::from_zero(0.043, 0, 1).high(), 0.06);
  EXPECT_DOUBLE_EQ(axis::from_zero(10, 0, 1).high(), 10);
  EXPECT_DOUBLE_EQ(axis::from_zero(0, 0, 1).high(), 1);
}

TEST(Axis, WithoutAnExtentHasOne) {
  EXPECT_DOUBLE_EQ((axis{5, 5, 0, 10}.at(5)), 0);
  EXPECT_DOUBLE_EQ((axis{5, 5, 0, 10}.at(6)), 10);
}

TEST(Axis, TellsTicksWithoutNoise) {
  EXPECT_EQ(tick_text(0), "0");
  EXPECT_EQ(tick_text(0.1 + 0.2), "0.3");
  EXPECT_EQ(tick_text(0.00025), "0.00025");
  EXPECT_EQ(tick_text(1500), "1500");
  EXPECT_EQ(tick_text(-2.5), "-2.5");
}

}  // namespace
}  // namespace portsock::tools
