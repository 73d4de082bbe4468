"""The surnames that nearly all people in China have, as alternatives of a pattern."""
# ruff: noqa: E501 - texts and patterns stand on one line each

from __future__ import annotations

from typing import Final

_SINGLE: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪"
    "严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜肖詹关苗凌费纪靳盛童欧甄项曲成游阳"
    "裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简"
    "娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗"
    "应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺毋鲜隗厉师亢支帅母胜过束厍仓储经"
)
_DOUBLE: Final = "欧阳 上官 司马 诸葛 司徒 东方 独孤 南宫 夏侯 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司空 端木 轩辕 百里 呼延 东郭 西门 申屠"
SURNAMES: Final = f"[{''.join(dict.fromkeys(_SINGLE))}]"
DOUBLE_SURNAMES: Final = "|".join(_DOUBLE.split())
COMMON_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred most frequent ones: some 85 of a hundred people have one of them."""
GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚英华玉兰红丹玲萍建鹏飞鑫波斌宇浩凯健俊帆雪婷倩颖琳莉洁辉燕梅云莹晶晨峰亮"
    "佳欢欣琴彬旭璐蕾慧薇瑶雯悦怡蓉琪瑞帅博毅宁康坤林兵冰冬春秋文武志诚然昊轩涵睿泽航翔雷震威松柏森楠桐君豪柳青岚露霜月"
    "星辰曦晓萌蒙娇媛嫣妍婧姗珊珍琼瑛瑾璇芬芸芝菲菊萱蓓蕊莲荣茜茹彤彦哲恒恺惠慈恩忠义仁信良善勤俭启迪达远顺昌盛兴旺寿"
    "庆贵清洪涌湘淑淼炜炎烨焕煜熙灿炳钢铭钧锋锐锦雄维纯绍翠耀腾舒艾芮若茵莎菁蔚虹融衡裕谦谊超越跃轶迅逸野闯阔隽雁雅霄霖"
    "霏韬韵颖馨骁骏骞鸣鹤麟爽娅岩凡迪蓝爱秀凤桂珠香福贤"
)
"""Characters that are a whole given name often, and the end of a word or place seldom."""
