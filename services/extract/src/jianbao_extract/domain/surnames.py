"""Family names, and the shape of a personal name.

Single-character names: those of the 百家姓 and the frequent ones of the household registers that stand outside it.
"""

from __future__ import annotations

import re

_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
    "韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰"
    "焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄"
    "窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀郁胥南班储原"
    "栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍"
    "辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
    "习覃寸山弓松竺蓟羿暴钮酆宓郗璩濮寿通雒郏贝"
)
SINGLE = frozenset(_SINGLE)
COMPOUND = frozenset(
    [
        "欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫", "司徒", "令狐", "慕容", "端木", "公孙", "轩辕", "夏侯", "东方",
        "南宫", "申屠", "淳于", "长孙", "宇文", "呼延", "闻人", "澹台", "赫连", "钟离", "鲜于", "闾丘", "太史", "仲孙",
    ]
)  # fmt: skip

_HAN = r"[㐀-䶿一-鿿]"
_NAME = re.compile(rf"{_HAN}{{2,4}}(?:·{_HAN}{{1,8}}){{0,2}}")
_RARE = frozenset("和来位那但通全都时于应平强花海国连成明向文管权相原单农包路高安华方马江石白田米云雷金林"
                  "商利公通区门宿信展富元干居呼由玉银党班师边满南东阳阴初盛甘谷古车解关任余和")  # fmt: skip


def is_name(text: str) -> bool:
    """Tell whether a whole string has the shape of a Chinese personal name (2 to 4 characters, or with a middle dot)."""
    if not _NAME.fullmatch(text):
        return False
    if "·" in text:
        return True
    if text[:2] in COMPOUND:
        return len(text) in (3, 4)
    return text[0] in SINGLE and len(text) in (2, 3)


def is_ordinary_word_too(family_name: str) -> bool:
    """Tell whether a family name is so often an ordinary word or place that it alone proves nothing."""
    return family_name in _RARE
