"""Simplified and Traditional, by a table of its own: what the product finds in both scripts must not be asked of it."""

from __future__ import annotations

SEARCHED = (
    "国國门門车車马馬鱼魚鸟鳥龙龍凤鳳东東贝貝见見书書乐樂义義买買亚亞产產亲親亿億仅僅从從仓倉仪儀优優伟偉传傳伤傷伦倫货貨贤賢贵貴费費贺賀资資赏賞赵趙轮輪轻輕载載输輸达達迁遷运運连連远遠适適邮郵邻鄰钱錢银銀"
    "铁鐵锋鋒锦錦镇鎮闪閃问問间間闻聞阳陽阴陰队隊际際陆陸险險随隨难難顶頂项項顺順风風飞飛饭飯馆館驰馳驱驅骄驕鸡雞鸣鳴鸭鴨鹅鵝鹤鶴齐齊龄齡"
)
"""Pairs of characters (Simplified, Traditional) with one counterpart each, in both directions; markers are made of them."""

_OTHERS = (
    "万萬与與业業丽麗习習乡鄉会會体體余餘俭儉儿兒养養准準凉涼划劃创創剧劇办辦务務动動区區医醫协協卫衛县縣参參发發台臺叶葉号號后後员員团團园園围圍图圖场場坚堅备備头頭奋奮妇婦学學实實审審对對导導将將层層岗崗"
    "巩鞏帮幫干幹并並广廣开開强強总總愿願戏戲报報据據摄攝数數斗鬥机機来來标標样樣桥橋检檢欢歡沟溝洁潔济濟温溫游遊点點热熱献獻环環画畫疗療盖蓋码碼确確种種称稱签籤简簡约約线線组組织織经經结結绕繞绘繪络絡继繼"
    "续續绿綠编編网網联聯脱脫节節范範规規览覽计計认認讨討训訓议議讯訊记記讲講论論设設访訪诚誠说說诵誦调調谈談谐諧责責质質贫貧赛賽赞贊践踐转轉软軟过過进進阵陣领領题題验驗麦麥为為众眾里裡"
)
"""Pairs for all else that the words of this program are written with."""

SIMPLIFIED = SEARCHED[0::2]
_TRADITIONAL = {pair[0]: pair[1] for text in (SEARCHED, _OTHERS) for pair in zip(text[0::2], text[1::2], strict=True)}


def traditional(text: str) -> str:
    """Return a text in Traditional characters, as far as the table knows them."""
    return "".join(_TRADITIONAL.get(character, character) for character in text)
