"""Made bulletins: words drawn at random, so that no two are alike unless they are meant to be, and a marker to find them."""

from __future__ import annotations

import random

from chaos.script import SIMPLIFIED

_WORDS = """
志愿 文明 城市 社区 街道 村民 居民 学校 企业 干部 群众 活动 建设 工作 服务 宣传 教育 培训 检查 督导 整治 环境 卫生 交通 秩序 安全 生产 生活 文化 体育 健康 医疗 老人
儿童 青年 妇女 家庭 邻里 道德 模范 先进 典型 榜样 精神 物质 经济 社会 政治 法律 制度 机制 方案 计划 目标 任务 责任 措施 办法 经验 成果 成效 问题 困难 矛盾 原因 分析
研究 讨论 座谈 调研 走访 慰问 帮扶 扶贫 脱困 增收 种植 养殖 果园 茶叶 水稻 小麦 玉米 棉花 蔬菜 水果 森林 草地 河流 湖泊 山川 田野 道路 桥梁 车站 机场 码头 公园 广场
剧院 图书 影像 音乐 舞蹈 戏曲 书法 绘画 摄影 展览 比赛 演讲 朗诵 歌唱 游戏 节日 春节 元宵 清明 端午 中秋 重阳 早晨 中午 傍晚 夜间 春天 夏天 秋天 冬天 温暖 寒冷 炎热
凉爽 明亮 整洁 美丽 和谐 友善 诚信 敬业 勤俭 节约 奉献 互助 团结 奋斗 创新 协调 绿色 开放 共享 参与 组织 领导 指导 支持 配合 协作 联系 沟通 交流 学习 理解 掌握 运用
实践 检验 总结 提升 推进 落实 巩固 深化 拓展 延伸 完善 健全 改进 优化 规范 标准 质量 效率 水平 能力 素质 形象 品牌 特色 亮点 重点 难点 热点 焦点 基层 一线 岗位 窗口
平台 阵地 网络 手机 信息 数据 软件 设备 仪器 材料 能源
"""

WORDS = tuple(_WORDS.split())

MARKER_LENGTH = 10
"""Characters; drawn from about eighty, so that no two of a run are the same by chance."""


_COMMON = [bytes((lead, trail)).decode("gb2312") for lead in range(0xB0, 0xD7) for trail in range(0xA1, 0xFA)]
"""The commonest characters (GB 2312 level 1)."""


def marker(draw: random.Random) -> str:
    """Return a phrase that stands nowhere else, made of characters that differ between the scripts."""
    return "".join(draw.sample(SIMPLIFIED, MARKER_LENGTH))


def phrase(draw: random.Random, words: int) -> str:
    """Return some words in a row."""
    return "".join(draw.choice(WORDS) for _ in range(words))


def paragraph(draw: random.Random, words: int) -> str:
    """Return a paragraph of about so many words."""
    clauses = []
    while words > 0:
        length = draw.randint(5, 12)
        clauses.append(phrase(draw, length))
        words -= length
    return "，".join(clauses) + "。"


def unlike_any(draw: random.Random, characters: int) -> str:
    """Return a paragraph of any characters: in a very long text, words from a list would soon be those of every other."""
    return "".join(draw.choices(_COMMON, k=characters)) + "。"


def bulletin(draw: random.Random, mark: str, characters: int) -> str:
    """Return a bulletin of about so many characters: a title and three paragraphs, the marker in one of them."""
    paragraphs = [paragraph(draw, characters // 6) for _ in range(3)]
    place = draw.randrange(3)
    paragraphs[place] = f"{paragraphs[place][:-1]}，{mark}，{paragraph(draw, 6)}"
    return "\n".join([phrase(draw, 6), *paragraphs, ""])


def edited(draw: random.Random, text: str) -> str:
    """Return a near copy of a bulletin: another title above, and a word put into every paragraph but that of the marker."""
    lines = []
    for number, line in enumerate(text.split("\n")):
        place = draw.randint(2, 20)
        stays = not number or len(line) < 60 or any(c in SIMPLIFIED for c in line[place : place + 2])
        lines.append(line if stays else line[:place] + draw.choice(WORDS) + line[place:])
    return "\n".join([phrase(draw, 6), *lines])
